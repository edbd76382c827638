package dev.holdfast.console;

import dev.holdfast.console.Steps.Step;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import java.time.Instant;
import java.util.Optional;

/** Something that goes no further without a person, or that a person said and nobody applied. */
sealed interface Need {
  /** The run that it concerns. */
  RunState run();

  /** Since when it stands so. */
  Instant since();

  /** People are asked for their approval. */
  record Question(RunState run, Instant since, Entry.ApprovalAsked asked) implements Need {}

  /**
   * Nobody knows whether an effect happened.
   *
   * @param intended how it went out and when, where the journal says
   */
  record Doubt(
      RunState run, Instant since, Step step, Entry.EffectDoubted doubted, Optional<Sent> intended)
      implements Need {}

  /** How an effect went out for the first time. */
  record Sent(Instant at, Entry.EffectIntended entry) {}

  /** The run met something unexpected. */
  record Halt(RunState run, Instant since, Entry.RunQuarantined held) implements Need {}

  /** Nobody knows whether a fact of the ledger happened, and the run that was at it has ended. */
  record LooseFact(RunState run, Instant since, Fact fact) implements Need {}

  /** A message is recorded and the run has not taken it. */
  record Letter(RunState run, Message.Mail mail) implements Need {
    @Override
    public Instant since() {
      return mail.at();
    }
  }
}
