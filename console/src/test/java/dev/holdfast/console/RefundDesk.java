package dev.holdfast.console;

import dev.holdfast.journal.Intent;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import dev.holdfast.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An application for tests that asks people: a refund is approved, then waits for the goods, then
 * is paid back, which takes until the file {@code bank-answers} is there.
 */
final class RefundDesk {
  /** What is to be paid back. */
  record Refund(String orderId, long cents, String reason) {}

  static final String READY = "ready";
  static final Refund CUP = new Refund("4711", 4_900, "the cup came broken\nand it was a present");
  private static final Duration BANK_MAX = Duration.ofSeconds(25);
  private static final Duration LIFE_MAX = Duration.ofMinutes(2);

  private RefundDesk() {}

  /** Where the bank answers only once its file is there, and writes down every payment. */
  static Workflow<Refund, String> workflow(Path directory) {
    var terms =
        Approval.by("ada", "bob").within(Duration.ofDays(2)).escalateTo(Duration.ofHours(4), "eve");
    return Workflow.of("refund", Refund.class, String.class)
        .body((run, refund) -> {
          Approval approval = run.awaitApproval("manager", refund, terms);
          if (!approval.granted()) {
            return "refused: " + approval;
          }
          Optional<String> parcel =
              run.awaitSignal("goods-back", String.class, Duration.ofDays(14));
          return parcel.isEmpty()
              ? "the goods never came back"
              : run.effect(
                  "pay-back",
                  refund,
                  Effect.<Refund, String>once(String.class, (key, in) -> pay(directory))
                      .oncePer(Intent.Scope.GLOBAL, "refund", refund.orderId()));
        });
  }

  private static String pay(Path directory) throws IOException, InterruptedException {
    Files.writeString(directory.resolve("bank-asked"), "asked");
    long deadline = System.nanoTime() + BANK_MAX.toNanos();
    while (!Files.exists(directory.resolve("bank-answers"))) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the bank did not answer");
      }
      Thread.sleep(10);
    }
    return "R-1";
  }

  /** Takes the store and the ids of runs to start; executes until it is ended. */
  public static void main(String[] arguments) throws Exception {
    ChildJvm.endWithParent();
    Path store = Path.of(arguments[0]);
    var workflow = workflow(store.resolveSibling("."));
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(workflow);
      for (String id : List.of(arguments).subList(1, arguments.length)) {
        holdfast.start(workflow, id, CUP);
      }
      System.out.println(READY);
      Thread.sleep(LIFE_MAX);
    }
  }
}
