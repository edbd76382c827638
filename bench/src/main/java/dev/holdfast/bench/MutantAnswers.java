package dev.holdfast.bench;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Effect;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.bytebuddy.asm.Advice;

/** What methods of a mutated kernel answer. */
@SuppressWarnings("UnusedVariable") // advice is woven into a method that reads it
final class MutantAnswers {
  private MutantAnswers() {}

  /** A key that no second attempt has. */
  public static final class FreshKey {
    private FreshKey() {}

    /** Such a key. */
    public static IdempotencyKey key() {
      return new IdempotencyKey(UUID.randomUUID().toString());
    }
  }

  /** Nothing was sent. */
  public static final class NotSent {
    private NotSent() {}

    /** Whatever was thrown. */
    public static Failure failure() {
      return new Failure.NotSent("mutant", "It was not sent.");
    }
  }

  /** The target said no. */
  public static final class Refused {
    private Refused() {}

    /** Whatever was thrown. */
    public static Failure failure() {
      return new Failure.Rejected("mutant", "It was refused.");
    }
  }

  /** The probe always says no. */
  public static final class Absent {
    private Absent() {}

    /** Whatever it was asked. */
    public static Effect.Answer<Object> probe() {
      return new Effect.Answer.DidNotHappen<>();
    }
  }

  /** The probe always says yes. */
  public static final class Present {
    private Present() {}

    /** Whatever it was asked. */
    public static Effect.Answer<Object> probe() {
      return new Effect.Answer.Happened<>("letter about 1");
    }
  }

  /** Every effect may be repeated. */
  public static final class Idempotent {
    private Idempotent() {}

    /** Whatever was declared. */
    public static Contract contract() {
      return Contract.IDEMPOTENT;
    }
  }

  /** Everybody says yes. */
  public static final class Granted {
    private Granted() {}

    /** Whatever they said. */
    public static Approval answer() {
      return new Approval.Granted("mutant", "why not");
    }
  }

  /** The same key for everything. */
  public static final class SameKey {
    private SameKey() {}

    /** That key. */
    public static IdempotencyKey key() {
      return new IdempotencyKey("the-same");
    }
  }

  /** A fact belongs to nobody, whoever holds it. */
  public static final class Free {
    private Free() {}

    /** Forgets the row. */
    @Advice.OnMethodEnter
    public static void enter(@Advice.Argument(value = 1, readOnly = false) Optional<?> row) {
      row = Optional.empty();
    }
  }

  /** A rollback knows only what happened last. */
  public static final class Last {
    private Last() {}

    /** Forgets the others. */
    @Advice.OnMethodExit
    public static void exit(@Advice.Return(readOnly = false) List<?> units) {
      units = units.size() > 1 ? units.subList(0, 1) : units;
    }
  }

  /** Whoever settles a doubt is heard to say yes. */
  public static final class Yes {
    private Yes() {}

    /** Changes the verdict. */
    @Advice.OnMethodEnter
    public static void enter(@Advice.Argument(value = 0, readOnly = false) Verdict verdict) {
      verdict = new Verdict.Happened(new Payload("\"van for 1\""));
    }
  }

  /** Whoever settles a doubt is heard to say no. */
  public static final class No {
    private No() {}

    /** Changes the verdict. */
    @Advice.OnMethodEnter
    public static void enter(@Advice.Argument(value = 0, readOnly = false) Verdict verdict) {
      verdict = new Verdict.DidNotHappen();
    }
  }

  /** What arrived is not there. */
  public static final class Lost {
    private Lost() {}

    /** Nothing. */
    public static Optional<Object> take() {
      return Optional.empty();
    }
  }

  /** Everything is due. */
  public static final class Due {
    private Due() {}

    /** Long ago. */
    public static Instant due() {
      return Instant.EPOCH;
    }
  }

  /** A probe is believed at once. */
  public static final class Hasty {
    private Hasty() {}

    /** Says that it is settled already. */
    @Advice.OnMethodEnter
    public static void enter(@Advice.Argument(value = 0, readOnly = false) Instant settledAt) {
      settledAt = Instant.EPOCH;
    }
  }
}
