package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.testing.ChildJvm;
import dev.holdfast.testing.KillPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How to kill a program of one's own with a real SIGKILL at a chosen place. */
class RealKillTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  // snippet: real-kill
  static final class Program {
    public static void main(String[] arguments) {
      var folder = Path.of(arguments[0]);
      var refund =
          Workflow.of("refund", String.class, String.class)
              .body((run, order) ->
                  run.effect(
                      "pay-back",
                      order,
                      Effect.keyed(String.class, (key, in) -> pay(folder, key))));
      var settings = Settings.standard().faultPoints(KillPoint.ofThisProcess(System.out));
      var options = Options.standard().settings(settings);
      try (var holdfast = Holdfast.open(folder.resolve("refunds.db"), options)) {
        holdfast.register(refund);
        System.out.println("paid " + holdfast.start(refund, "refund-4711", "4711").run());
      }
    }
  }

  @Test
  void paysOnceThoughItIsKilledBetweenPaymentAndJournal(@TempDir Path folder) throws Exception {
    var arguments = List.of(folder.toString());
    var point = KillPoint.at(Boundary.AFTER_CALL, "pay-back");
    try (var first = ChildJvm.start(Program.class, arguments, Optional.of(point))) {
      assertThat(first.awaitArrival(PATIENCE)).isPresent();
      first.kill();
    }
    try (var second = ChildJvm.start(Program.class, arguments)) {
      assertThat(second.awaitLine("paid ", PATIENCE)).isEqualTo("receipt 1");
    }
    assertThat(Files.readAllLines(folder.resolve("bank.txt"))).hasSize(1);
  }

  // end: real-kill

  /** A bank in a file that has one line for each payment and knows the keys of all. */
  private static String pay(Path folder, IdempotencyKey key) throws IOException {
    Path book = folder.resolve("bank.txt");
    List<String> paid = Files.exists(book) ? Files.readAllLines(book) : List.of();
    if (!paid.contains(key.text())) {
      Files.writeString(book, key + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      paid = Files.readAllLines(book);
    }
    return "receipt " + (paid.indexOf(key.text()) + 1);
  }
}
