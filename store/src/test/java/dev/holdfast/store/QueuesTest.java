package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.journal.spi.Queue;
import dev.holdfast.journal.spi.Start;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bounds of the queues of a file. */
class QueuesTest extends SqliteTables {
  private static final Queue MAIL = Queue.of("mail").concurrencyMax(3).concurrencyMaxPerWorker(2);
  private static final long MINE = 7;

  private Optional<Queue.Load> load(String queue) throws SQLException {
    try (PreparedStatement load = connection.prepareStatement(Queues.LOAD)) {
      load.setString(1, queue);
      return Queues.load(load);
    }
  }

  private Queues.Places places() throws SQLException {
    return Objects.requireNonNull(tables.queues().places(MINE).get("mail"));
  }

  private int room() throws SQLException {
    return places().room();
  }

  @Test
  void placesAreCountedOverAllAndForThisWorker() throws SQLException {
    tables.queues().register(MAIL);
    assertThat(room()).isEqualTo(2);
    accepted(queued("another's", "mail"), MINE + 1);
    accepted(queued("ready", "mail"));
    assertThat(room()).isEqualTo(2);
    accepted(queued("mine", "mail"), MINE);
    assertThat(room()).isEqualTo(1);
    accepted(queued("another's too", "mail"), MINE + 1);
    assertThat(room()).isZero();

    assertThat(load("mail")).contains(new Queue.Load(MAIL, 3, 1));
  }

  @Test
  void thereIsNeverLessRoomThanNone() throws SQLException {
    tables.queues().register(MAIL);
    for (int i = 0; i < 3; i++) {
      accepted(queued("r-" + i, "mail"), MINE);
    }
    tables.queues().register(MAIL.concurrencyMax(1).concurrencyMaxPerWorker(1));

    assertThat(room()).isZero();
  }

  @Test
  void whatIsTakenOverKeepsItsPlaceButCountsForThisWorker() throws SQLException {
    tables.queues().register(MAIL);
    accepted(queued("left-1", "mail"), MINE - 1);
    accepted(queued("left-2", "mail"), MINE - 1);
    accepted(queued("left-3", "mail"), MINE - 1);
    Queues.Places places = places();
    assertThat(places.room()).as("for others").isZero();

    assertThat(places.takeOver()).isTrue();
    assertThat(places.takeOver()).isTrue();
    assertThat(places.takeOver()).as("more than one worker may").isFalse();
  }

  @Test
  void aRunOutsideOfQueuesIsNeverRefused() throws SQLException {
    assertThat(tables.queues().refusal(run("r"))).isEmpty();
  }

  @Test
  void aFullQueueRefusesUntilOneIsTakenOutOfIt() throws SQLException {
    Queue bounded = MAIL.waitingMax(1);
    tables.queues().register(bounded);
    assertThat(tables.queues().refusal(queued("r", "mail"))).isEmpty();
    long first = accepted(queued("first", "mail"));

    assertThat(tables.queues().refusal(queued("r", "mail")))
        .contains(new Start.QueueFull(new Queue.Load(bounded, 0, 1)));

    end(first);
    assertThat(tables.queues().refusal(queued("r", "mail"))).isEmpty();
    assertThat(tables.queues().refusal(queued("r", "mial")))
        .contains(new Start.QueueUnknown("mial"));
  }

  @Test
  void aDuplicateIsFoundInItsQueueAlone() throws SQLException {
    tables.queues().register(MAIL);
    tables.queues().register(Queue.of("print"));
    long first = accepted(deduplicated("first", "mail"));
    end(first);

    assertThat(tables.queues().refusal(deduplicated("second", "mail")))
        .get()
        .isInstanceOfSatisfying(
            Start.Deduplicated.class,
            found -> assertThat(found.state().id()).isEqualTo(new RunId("first")));
    assertThat(tables.queues().refusal(deduplicated("second", "print"))).isEmpty();
    assertThat(tables.queues().refusal(queued("second", "mail"))).isEmpty();
  }

  private static NewRun deduplicated(String id, String queue) {
    NewRun run = queued(id, queue);
    return new NewRun(
        run.id(),
        run.workflow(),
        run.input(),
        run.inputDigest(),
        run.at(),
        run.readyAt(),
        run.queue(),
        Optional.of("17"),
        Optional.empty());
  }

  @Test
  void aQueueIsRegisteredAgainHoweverManyThereAre() throws SQLException {
    for (int i = 0; i < Queue.COUNT_MAX; i++) {
      tables.queues().register(Queue.of("queue-" + i));
    }
    assertThatThrownBy(() -> tables.queues().register(MAIL))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Queue 'mail' was not registered")
        .hasMessageContaining("1,000");
    Queue changed = Queue.of("queue-0").concurrencyMax(9);

    tables.queues().register(changed);

    assertThat(load("queue-0")).contains(new Queue.Load(changed, 0, 0));
    assertThat(load("mail")).isEmpty();
  }
}
