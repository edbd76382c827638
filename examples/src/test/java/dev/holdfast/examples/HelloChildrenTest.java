package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelloChildrenTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  private static Workflow<String, String> workflow(Workflow.Body<String, String> body) {
    return Workflow.of("packing", String.class, String.class).body(body);
  }

  @Test
  void everyParcelIsPackedInARunOfItsOwn() {
    Workflow<String, String> packing = workflow((run, parcel) -> parcel + " packed");
    var orders = HelloChildren.orders(packing);
    try (var holdfast = Holdfast.open(directory.resolve("runs.db"))) {
      holdfast.register(packing);
      holdfast.register(orders);
      holdfast.register(Queue.of("packers").concurrencyMax(2));
      holdfast.register(Queue.of("shop"));
      var order = new HelloChildren.Order("anna", List.of("lamp", "chair", "desk"));

      assertThat(HelloChildren.today(holdfast, orders, order).run(PATIENCE))
          .isEqualTo("anna gets [lamp packed, chair packed, desk packed]");
      assertThat(
              holdfast
                  .find("order-17/par:parcels#0/branch:desk/child:pack#0", String.class)
                  .run(PATIENCE))
          .isEqualTo("desk packed");
    }
  }

  @Test
  void aParcelThatNobodyPacksIsNoCatastrophe() {
    Workflow<String, String> packing =
        workflow((run, parcel) -> {
          run.sleep("dry", Duration.ofDays(1));
          return parcel;
        });
    Workflow<String, String> shop =
        Workflow.of("shop", String.class, String.class)
            .body((run, parcel) -> HelloChildren.packedOrNot(run, packing, parcel));
    try (var holdfast = Holdfast.open(directory.resolve("runs.db"))) {
      holdfast.register(packing);
      holdfast.register(shop);
      var handle = holdfast.start(shop, "r", "lamp");
      Awaitility.await()
          .ignoreExceptionsInstanceOf(RunException.RunNotFound.class)
          .until(() -> holdfast.find("r/child:pack#0", String.class).outcome() != null);
      holdfast.cancel("r/child:pack#0", "bob", "no box");

      assertThat(handle.run(PATIENCE)).isEqualTo("not packed, says bob");
    }
  }

  @Test
  void theCustomerIsHeardBeforeTheTimeIsUp() {
    Workflow<String, String> shop =
        Workflow.of("shop", String.class, String.class)
            .body((run, none) -> HelloChildren.answerOrReminder(run));
    try (var holdfast = Holdfast.open(directory.resolve("runs.db"))) {
      holdfast.register(shop);
      var handle = holdfast.start(shop, "r", "");
      holdfast.signal("r", "answer", "1", "yes", "anna");

      assertThat(handle.run(PATIENCE)).isEqualTo("yes");
    }
  }
}
