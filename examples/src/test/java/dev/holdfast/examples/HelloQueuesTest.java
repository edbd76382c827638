package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelloQueuesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void printsEveryLabelOnceHoweverOftenSomebodyClicks() {
    var printed = new CopyOnWriteArrayList<String>();
    var labels =
        HelloQueues.labels(order -> {
          printed.add(order);
          return "label of " + order;
        });
    try (var holdfast = Holdfast.open(directory.resolve("runs.db"))) {
      HelloQueues.open(holdfast, labels);

      assertThat(HelloQueues.ordered(holdfast, labels, "1").run(PATIENCE)).isEqualTo("label of 1");
      var first = HelloQueues.clicked(holdfast, labels, "request-1", "2");
      var second = HelloQueues.clicked(holdfast, labels, "request-2", "2");
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(second.run(PATIENCE)).isEqualTo("label of 2");
      assertThat(HelloQueues.tomorrow(holdfast, labels, "3").outcome())
          .isEqualTo(new Outcome.Waiting<String>(Outcome.Why.QUEUED, List.of()));
    }
    assertThat(printed).containsExactly("1", "2");
  }

  @Test
  void aFullQueueIsAnAnswerAndNoSurprise() {
    Path store = directory.resolve("runs.db");
    var labels = HelloQueues.labels(order -> order);
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(Queue.of("printer").waitingMax(1));
    }

    assertThat(HelloQueues.accept(store, labels, "1")).isEqualTo(202);
    assertThat(HelloQueues.accept(store, labels, "2")).isEqualTo(503);
    assertThat(HelloQueues.accept(store, labels, "1")).isEqualTo(202);
  }

  @Test
  void aCustomersMessagesAreHeardInTheirOrder() {
    try (var holdfast = Holdfast.open(directory.resolve("runs.db"))) {
      var answers = HelloQueues.answers();
      holdfast.register(answers);
      HelloQueues.heard(holdfast, answers, "anna", "m-1", "hello");
      var second = HelloQueues.heard(holdfast, answers, "anna", "m-2", "are you there");
      HelloQueues.heard(holdfast, answers, "anna", "m-1", "hello");

      assertThat(second.run(PATIENCE)).isEqualTo("message 2, after hello");
      assertThat(HelloQueues.heard(holdfast, answers, "bert", "m-3", "hi").run(PATIENCE))
          .isEqualTo("message 1, after nothing");
    }
  }
}
