package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.StepPath;
import java.util.Optional;

/**
 * Decides whether a step of a fork may go out; pure.
 *
 * <p>A fork answers from the record of its source, and fails closed where that has no answer: what
 * nobody decided on is never sent.
 */
final class Forked {
  /** What comes next for a step that nothing is recorded of. */
  sealed interface Next {
    /** It is performed like any other. */
    record Live() implements Next {}

    /** Its answer is known from the source. */
    record Take(Entry.AnswerTaken answer) implements Next {}

    /** It must not go out. */
    record Refuse(String reason) implements Next {}
  }

  private Forked() {}

  static Next next(History history, StepPath path, Entry.Call call) {
    if (history.fork().isEmpty()) {
      return new Next.Live();
    }
    Entry.RunForked terms = history.fork().get().terms();
    Optional<Entry.AnswerTaken> kept = history.kept(path);
    if (kept.filter(answer -> isSame(answer.call(), call)).isPresent()) {
      return new Next.Take(kept.get());
    }
    if (terms.accepted().contains(path) || terms.live().contains(call.contract())) {
      return new Next.Live();
    }
    return new Next.Refuse(refusal(terms, path, call, kept));
  }

  private static boolean isSame(Entry.Call recorded, Entry.Call asked) {
    return recorded.contract() == asked.contract()
        && recorded.inputDigest().equals(asked.inputDigest());
  }

  private static String refusal(
      Entry.RunForked terms, StepPath path, Entry.Call call, Optional<Entry.AnswerTaken> kept) {
    String record =
        kept.map(answer ->
                "run %s recorded it as %s with %s, this fork asks as %s with %s"
                    .formatted(
                        terms.source(),
                        answer.call().contract(),
                        Redaction.of(answer.call().input().text()),
                        call.contract(),
                        Redaction.of(call.input().text())))
            .orElse("run %s has no answer to it".formatted(terms.source()));
    return "The fork stops before %s: %s. Fork anew and accept it, or let %s effects be performed."
        .formatted(path, record, call.contract());
  }
}
