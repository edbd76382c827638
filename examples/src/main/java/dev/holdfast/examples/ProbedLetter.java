package dev.holdfast.examples;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Effect.Answer;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.Optional;

/** A letter through a mailbox that knows no keys but can be asked: nothing is written twice. */
final class ProbedLetter {
  private ProbedLetter() {}

  // snippet: verified
  interface Mailbox {
    String send(String reference, String text) throws Exception;

    Optional<String> find(String reference) throws Exception;
  }

  static Workflow<String, String> workflow(Mailbox mailbox) {
    Effect<String, String> letter =
        Effect.<String, String>verified(
                String.class,
                (key, text) -> mailbox.send(key.text(), text),
                (key, text) -> ask(mailbox, key))
            .timeout(Duration.ofSeconds(2))
            .settleAfter(Duration.ofSeconds(5)); // no letter takes longer to arrive there
    return Workflow.of("letter", String.class, String.class)
        .body((run, text) -> run.effect("write", text, letter));
  }

  private static Answer<String> ask(Mailbox mailbox, IdempotencyKey key) throws Exception {
    return mailbox
        .find(key.text())
        .<Answer<String>>map(Answer.Happened::new)
        .orElseGet(Answer.DidNotHappen::new);
  }
  // end: verified
}
