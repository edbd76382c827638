package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceTest extends OnEveryStore {
  /** A line of an invoice. */
  record Line(String item, int count) {}

  interface Till {
    int charge(String customer, int cents);

    List<Line> itemise(List<Line> lines);

    String find(int number);

    String find(String name);

    void close(String reason);

    CompletableFuture<String> later();
  }

  /** Charges through a step of the run that makes the call. */
  private final class DurableTill implements Till {
    @Override
    public int charge(String customer, int cents) {
      return Run.current()
          .orElseThrow()
          .effect(
              "charge",
              customer,
              Effect.keyed(Integer.class, (key, who) -> cents + charges.incrementAndGet()));
    }

    @Override
    public List<Line> itemise(List<Line> lines) {
      return lines.stream().map(line -> new Line(line.item(), line.count() * 2)).toList();
    }

    @Override
    public String find(int number) {
      return "number " + number;
    }

    @Override
    public String find(String name) {
      return "name " + name;
    }

    @Override
    public void close(String reason) {
      closed.add(1);
    }

    @Override
    public CompletableFuture<String> later() {
      return CompletableFuture.completedFuture("never journaled");
    }
  }

  private final AtomicInteger charges = new AtomicInteger();
  private final List<Integer> closed = new java.util.concurrent.CopyOnWriteArrayList<>();

  private Holdfast open() {
    return store.open();
  }

  @Test
  void theSameIdIsTheSameCallAlsoInTheNextProcess() {
    for (int opening = 0; opening < 2; opening++) {
      try (var holdfast = open()) {
        Service<Till> till = holdfast.register("till", Till.class, new DurableTill());

        assertThat(till.<Integer>run("sale-1", t -> t.charge("ann", 500))).isEqualTo(501);
        assertThat(till.<Integer>start("sale-1", t -> t.charge("ann", 500)).run()).isEqualTo(501);
      }
    }
    assertThat(charges).hasValue(1);
  }

  @Test
  void anotherCallUnderTheIdIsRefused() {
    try (var holdfast = open()) {
      Service<Till> till = holdfast.register("till", Till.class, new DurableTill());
      till.run("sale-1", t -> t.charge("ann", 500));

      assertThatThrownBy(() -> till.run("sale-1", t -> t.charge("ann", 900)))
          .isInstanceOf(RunException.RunConflict.class)
          .hasMessageContaining("900");
      assertThatThrownBy(() -> till.run("sale-1", t -> t.find(7)))
          .isInstanceOf(RunException.RunConflict.class)
          .hasMessageContaining("till.charge");
    }
  }

  @Test
  void argumentsAndResultsKeepTheirTypes() {
    try (var holdfast = open()) {
      Service<Till> till = holdfast.register("till", Till.class, new DurableTill());

      List<Line> lines = till.run("list", t -> t.itemise(List.of(new Line("tea", 2))));

      assertThat(lines).containsExactly(new Line("tea", 4));
      assertThat(till.<String>run("a", t -> t.find(7))).isEqualTo("number 7");
      assertThat(till.<String>run("b", t -> t.find("seven"))).isEqualTo("name seven");
      till.run(
          "c",
          t -> {
            t.close("evening");
            return null;
          });
      assertThat(closed).hasSize(1);
    }
  }

  @Test
  void theLambdaMakesExactlyOneCall() {
    try (var holdfast = open()) {
      Service<Till> till = holdfast.register("till", Till.class, new DurableTill());

      assertThatThrownBy(() -> till.run("x", t -> t.find(1) + t.find(2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("one call");
      assertThatThrownBy(() -> till.run("x", t -> "nothing"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("exactly one call");
      assertThatThrownBy(() -> till.run("x", t -> t.find(1).length()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("outside of the lambda");
      assertThatThrownBy(() -> till.run("x", t -> t.toString()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("toString");
      assertThatThrownBy(() -> holdfast.find("x", String.class))
          .isInstanceOf(RunException.RunNotFound.class);
    }
  }

  @Test
  void aResultThatComesLaterIsRefused() {
    try (var holdfast = open()) {
      Service<Till> till = holdfast.register("till", Till.class, new DurableTill());

      assertThatThrownBy(() -> till.run("x", Till::later))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("CompletableFuture");
    }
  }

  @Test
  void whatIsDeclaredFailsTheRunAndAnythingElseQuarantinesIt() {
    interface Gate {
      String open(String word);
    }
    Gate gate =
        word -> {
          throw word.equals("no") ? new IllegalArgumentException(word) : new RuntimeException(word);
        };
    try (var holdfast = open()) {
      Service<Gate> gates =
          holdfast.register("gate", Gate.class, gate, Set.of(IllegalArgumentException.class));

      assertThatThrownBy(() -> gates.run("a", g -> g.open("no")))
          .isInstanceOf(RunException.RunEnded.class);
      assertThatThrownBy(() -> gates.run("b", g -> g.open("bug")))
          .isInstanceOf(RunException.RunNotEnded.class)
          .hasMessageContaining("quarantined");
    }
  }

  @Test
  void onlyAnInterfaceCanBeRecorded() {
    try (var holdfast = open()) {
      assertThatThrownBy(() -> holdfast.register("till", DurableTill.class, new DurableTill()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no interface");
    }
  }

  @Test
  void thereIsNoCurrentRunOutsideOfOne() {
    assertThat(Run.current()).isEmpty();
  }

  interface Desk {
    String ask(String question);
  }

  @Test
  void callsOfOneConversationComeOneAfterTheOtherAlsoWhileOneWaits() {
    try (Holdfast holdfast = store.open()) {
      List<String> asked = new CopyOnWriteArrayList<>();
      Service<Desk> desk =
          holdfast.register("desk", Desk.class, question -> answer(asked, question));
      Admission conversation = Admission.inSession("ann");
      Handle<String> first = desk.start("m-1", conversation, d -> d.ask("first"));
      Handle<String> second = desk.start("m-2", conversation, d -> d.ask("second"));
      String other = desk.run("m-3", Admission.inSession("bob"), d -> d.ask("other"));

      assertThat(other).isEqualTo("no to other");
      assertThat(first.await(Duration.ofMillis(100))).isInstanceOf(Outcome.Waiting.class);
      assertThat(asked).containsExactlyInAnyOrder("first", "other");

      holdfast.signal("m-1", "go", "s-1", "yes", "bob");
      holdfast.signal("m-2", "go", "s-2", "well", "bob");
      assertThat(first.run()).isEqualTo("yes to first");
      assertThat(second.run()).isEqualTo("well to second");
    }
  }

  private static String answer(List<String> asked, String question) {
    if (!asked.contains(question)) {
      asked.add(question);
    }
    Duration within = question.equals("other") ? Duration.ZERO : Duration.ofMinutes(1);
    Optional<String> word = Run.current().orElseThrow().awaitSignal("go", String.class, within);
    return word.orElse("no") + " to " + question;
  }
}
