package dev.holdfast.examples;

import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Waits for a parcel and for time to pass, for weeks if need be, without a thread. */
final class HelloWaiting {
  private HelloWaiting() {}

  // snippet: waiting
  interface Mail {
    String send(String text) throws Exception;
  }

  static Workflow<String, String> workflow(Mail mail, Duration reminder, Duration patience) {
    Effect<String, String> letter = Effect.idempotent(String.class, mail::send);
    return Workflow.of("return", String.class, String.class)
        .body((run, orderId) -> {
          run.effect("send-label", "label for " + orderId, letter);
          Optional<String> parcel = run.awaitSignal("goods-back", String.class, reminder);
          if (parcel.isEmpty()) {
            run.effect("remind", "please send " + orderId, letter);
            parcel = run.awaitSignal("goods-back", String.class, patience);
          }
          run.sleep("let-it-be-checked", Duration.ofMillis(200));
          return parcel.map(number -> "got " + number).orElse("it never came back");
        });
  }

  /** The scanner at the gate; a scan that is reported twice is one signal. */
  static void scanned(Path store, String run, String parcel) {
    try (Client client = Holdfast.client(store)) {
      client.signal(run, "goods-back", "scan-" + parcel, parcel, "gate 3");
    }
  }
  // end: waiting
}
