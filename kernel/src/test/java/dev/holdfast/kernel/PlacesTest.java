package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who may execute beside whom. */
class PlacesTest {
  private final Places places = new Places(2);

  @Test
  void thereAreAsManyAsWereSaid() {
    assertThat(places.tryTake()).isTrue();
    assertThat(places.tryTake()).isTrue();
    assertThat(places.tryTake()).isFalse();
    places.giveBack(1);
    assertThat(places.tryTake()).isTrue();
    assertThat(places.enter().come()).as("callers bring their own").isDone();
  }

  @Test
  void whoMustBeAloneWaitsForThoseWhoAreThereAndKeepsOthersOut() {
    places.tryTake();
    places.tryTake();
    Places.Turn caller = places.enter();
    Places.Turn lonely = places.alone();
    assertThat(lonely.come()).isNotDone();
    Places.Turn late = places.enter();
    assertThat(late.come()).isNotDone();

    places.giveBack(1);
    assertThat(places.tryTake()).as("one place is free, but not now").isFalse();
    assertThat(lonely.come()).isNotDone();
    places.leave(caller);
    assertThat(lonely.come()).isDone();
    assertThat(late.come()).isNotDone();

    places.alone(lonely);
    assertThat(late.come()).isDone();
    assertThat(places.tryTake()).isTrue();
  }

  @Test
  void severalGoOneAfterTheOther() {
    places.tryTake();
    places.tryTake();
    Places.Turn first = places.alone();
    Places.Turn second = places.alone();
    assertThat(first.come()).isDone();
    assertThat(second.come()).isNotDone();

    places.alone(first);
    assertThat(second.come()).as("the first has its place still").isNotDone();
    places.giveBack(1);
    assertThat(second.come()).isDone();
    assertThat(places.tryTake()).isFalse();
    places.alone(second);
    places.giveBack(1);
    assertThat(places.tryTake()).isTrue();
  }

  @Test
  void aCallerThatGaveUpWaitingIsNotWaitedFor() {
    places.tryTake();
    Places.Turn lonely = places.alone();
    Places.Turn caller = places.enter();
    places.leave(caller);
    places.alone(lonely);
    places.giveBack(1);

    places.tryTake();
    assertThat(places.alone().come()).isDone();
  }

  @Test
  void theEndLetsEverybodyThrough() {
    places.tryTake();
    places.tryTake();
    Places.Turn lonely = places.alone();
    Places.Turn caller = places.enter();

    places.close();

    assertThat(lonely.come()).isDone();
    assertThat(caller.come()).isDone();
    assertThat(places.enter().come()).isDone();
  }
}
