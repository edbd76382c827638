package dev.holdfast.examples;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Run;
import dev.holdfast.store.Holdfast;

/** Makes a piece of existing code durable where it stands. */
final class HelloAttached {
  private HelloAttached() {}

  // snippet: attached
  interface Ledger {
    String book(String day) throws Exception;

    String mail(String report) throws Exception;
  }

  /** Called by the job that you have; called again after a crash, it goes on where it stopped. */
  static String closeTheDay(Holdfast holdfast, Ledger ledger, String day) {
    return holdfast.attached(
        "close-" + day,
        String.class,
        () -> {
          Run run = Run.current().orElseThrow();
          String report = run.effect("book", day, Effect.idempotent(String.class, ledger::book));
          return run.effect(
              "mail", report, Effect.once(String.class, (key, in) -> ledger.mail(in)));
        });
  }
  // end: attached
}
