package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Failure;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.json.JsonCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An entry as rows: its body and the long payloads that stand outside of it.
 *
 * @param body the entry as JSON, with references in the place of long payloads
 * @param texts the long payloads; the same text within one run is kept once
 */
record EncodedEntry(String body, List<Text> texts) {
  /** The longest payload that stands in the body, in characters. */
  static final int INLINE_MAX = 512;

  private static final String REFERENCE = "{\"$ref\":\"";
  private static final int DIGEST_BYTES = 16;
  private static final int DIGEST_LENGTH = 22;
  private static final int REFERENCE_LENGTH = REFERENCE.length() + DIGEST_LENGTH + 2;
  private static final Base64.Encoder DIGITS = Base64.getUrlEncoder().withoutPadding();

  /** A payload by the digest of its text. */
  record Text(String digest, String text) {}

  /** What is kept of the entry that a run has at that sequence. */
  static EncodedEntry of(JsonCodec codec, Seal seal, long sequence, Entry entry) {
    var texts = new ArrayList<Text>();
    Entry kept = withContents(entry, new Closing(seal, sequence, texts));
    return new EncodedEntry(codec.write(kept), List.copyOf(texts));
  }

  /** What is kept of the entries that a run gets from that sequence on. */
  static List<EncodedEntry> of(
      JsonCodec codec, Seal seal, long firstSequence, List<Entry> entries) {
    var encoded = new ArrayList<EncodedEntry>();
    for (Entry entry : entries) {
      encoded.add(of(codec, seal, firstSequence + encoded.size(), entry));
    }
    return encoded;
  }

  /** The entries that a run has from the start, as rows; what seals it stands beside the first. */
  static List<EncodedEntry> beginning(JsonCodec codec, Vault vault, NewRun run) {
    Seal seal = vault.fresh(run.id());
    List<EncodedEntry> entries = of(codec, seal, 0, run.entries());
    seal.keyRow().ifPresent(row -> entries.set(0, entries.get(0).with(row)));
    return entries;
  }

  private EncodedEntry with(Text text) {
    var all = new ArrayList<>(texts);
    all.add(text);
    return new EncodedEntry(body, all);
  }

  /** The entry with every reference replaced by the text that is found for its digest. */
  static Entry decode(
      JsonCodec codec, Seal seal, long sequence, String body, UnaryOperator<String> textByDigest) {
    Entry entry = codec.read(body);
    return body.contains(REFERENCE) || !seal.isNone()
        ? withContents(entry, new Opening(seal, sequence, textByDigest))
        : entry;
  }

  /** What is left of an entry once what it holds is erased. */
  static Entry erased(Entry entry) {
    return withContents(entry, new Erasing());
  }

  /** The digests that a body refers to. */
  static List<String> references(String body) {
    var digests = new ArrayList<String>();
    int at = body.indexOf(REFERENCE);
    while (at >= 0) {
      int begin = at + REFERENCE.length();
      digests.add(body.substring(begin, begin + DIGEST_LENGTH));
      at = body.indexOf(REFERENCE, begin);
    }
    return digests;
  }

  /** How many characters they bring to the database. */
  static long length(List<EncodedEntry> entries) {
    return entries.stream().mapToLong(EncodedEntry::length).sum();
  }

  /** How many characters it brings to the database. */
  long length() {
    long length = body.length();
    for (Text text : texts) {
      length += text.text().length();
    }
    return length;
  }

  /** What becomes of the parts of an entry that may hold data. */
  private interface Change {
    Payload apply(Payload payload);

    /** Of what people or programs said in their own words, and of the names of facts. */
    default String words(String text) {
      return text;
    }

    /** Of a digest of data. */
    default String digest(String digest) {
      return digest;
    }
  }

  /** Every part is bound to its place among the parts of its entry, and that to its sequence. */
  private static final class Closing implements Change {
    private final Seal seal;
    private final long sequence;
    private final List<Text> texts;
    private int part;

    Closing(Seal seal, long sequence, List<Text> texts) {
      this.seal = seal;
      this.sequence = sequence;
      this.texts = texts;
    }

    @Override
    public Payload apply(Payload payload) {
      String text = payload.text();
      String place = place(sequence, part++);
      // What looks like a reference, once its blanks are gone, must not be taken for one when it
      // is read.
      if (text.length() <= INLINE_MAX && !text.contains(REFERENCE)) {
        return seal.isNone() ? payload : new Payload('"' + seal.close(place, text) + '"');
      }
      String digest = DIGITS.encodeToString(Arrays.copyOf(seal.digest(text), DIGEST_BYTES));
      texts.add(new Text(digest, seal.close(payloadAt(digest), text)));
      return new Payload(REFERENCE + digest + "\"}");
    }

    @Override
    public String words(String text) {
      return seal.close(place(sequence, part++), text);
    }
  }

  private static final class Opening implements Change {
    private final Seal seal;
    private final long sequence;
    private final UnaryOperator<String> textByDigest;
    private int part;

    Opening(Seal seal, long sequence, UnaryOperator<String> textByDigest) {
      this.seal = seal;
      this.sequence = sequence;
      this.textByDigest = textByDigest;
    }

    @Override
    public Payload apply(Payload payload) {
      String text = payload.text();
      String place = place(sequence, part++);
      if (text.startsWith(REFERENCE)) {
        String digest = text.substring(REFERENCE.length(), REFERENCE_LENGTH - 2);
        return new Payload(seal.open(payloadAt(digest), textByDigest.apply(digest)));
      }
      return seal.isNone()
          ? payload
          : new Payload(seal.open(place, text.substring(1, Math.max(1, text.length() - 1))));
    }

    @Override
    public String words(String text) {
      return seal.open(place(sequence, part++), text);
    }
  }

  private static final class Erasing implements Change {
    private static final String WORD = "\u00aberased\u00bb";

    @Override
    public Payload apply(Payload payload) {
      return Payload.ERASED;
    }

    @Override
    public String words(String text) {
      return WORD;
    }

    @Override
    public String digest(String digest) {
      return "";
    }
  }

  private static String place(long sequence, int part) {
    return "entry " + sequence + ", part " + part;
  }

  private static String payloadAt(String digest) {
    return "payload " + digest;
  }

  private static Entry withContents(Entry entry, Change change) {
    return switch (entry) {
      case Entry.OfStep e -> withContents(e, change);
      case Entry.RunStarted e ->
          new Entry.RunStarted(
              e.workflow(),
              e.version(),
              change.apply(e.input()),
              change.digest(e.inputDigest()),
              e.deadline(),
              e.parent(),
              e.manifest());
      case Entry.AnswerKept e -> new Entry.AnswerKept(taken(e.answer(), change));
      case Entry.End e -> withContents(e, change);
      case Entry.SignalReceived e ->
          new Entry.SignalReceived(e.name(), e.id(), change.apply(e.value()), e.who(), e.sentAt());
      case Entry.RunForked e -> e;
      case Entry.RollbackStarted e -> new Entry.RollbackStarted(change.words(e.reason()), e.who());
      case Entry.ManifestChanged e -> e;
      case Entry.RunClaimed e -> e;
      case Entry.CancelRequested e -> new Entry.CancelRequested(e.who(), change.words(e.why()));
      case Entry.RunParked e ->
          new Entry.RunParked(e.waits().stream().map(wait -> withWords(wait, change)).toList());
      case Entry.RunResumed e -> new Entry.RunResumed(e.who(), change.words(e.why()));
      case Entry.MessageRefused e ->
          new Entry.MessageRefused(change.words(e.message()), change.words(e.reason()));
      case Entry.RunQuarantined e -> new Entry.RunQuarantined(change.words(e.reason()), e.path());
      case Entry.RunErased e -> e;
    };
  }

  private static Entry withContents(Entry.OfStep entry, Change change) {
    return switch (entry) {
      case Entry.EffectIntended e -> withIntent(e, change);
      case Entry.AnswerTaken e -> taken(e, change);
      case Entry.StepAnswered e ->
          new Entry.StepAnswered(e.path(), withInput(e.call(), change), change.apply(e.result()));
      case Entry.EffectSucceeded e ->
          new Entry.EffectSucceeded(e.path(), change.apply(e.result()), e.origin());
      case Entry.DoubtSettled e ->
          new Entry.DoubtSettled(
              e.path(), withResult(e.verdict(), change), e.who(), change.words(e.why()));
      case Entry.SignalTaken e -> new Entry.SignalTaken(e.path(), e.id(), change.apply(e.value()));
      case Entry.ApprovalAsked e -> withShown(e, change);
      case Entry.ChildEnded e -> new Entry.ChildEnded(e.path(), withContents(e.end(), change));
      case Entry.TurnSealed e -> new Entry.TurnSealed(e.path(), change.apply(e.state()), e.last());
      case Entry.PatchApplied e -> e;
      case Entry.ScopeOpened e -> e;
      case Entry.AttemptStarted e -> e;
      case Entry.AttemptFailed e ->
          new Entry.AttemptFailed(
              e.path(), e.attempt(), withMessage(e.failure(), change), e.retryAt());
      case Entry.EffectGaveUp e ->
          new Entry.EffectGaveUp(e.path(), withMessage(e.failure(), change), e.attempts());
      case Entry.EffectDoubted e ->
          new Entry.EffectDoubted(e.path(), change.words(e.reason()), e.policy());
      case Entry.InputDrifted e ->
          new Entry.InputDrifted(
              e.path(), change.digest(e.recordedDigest()), change.digest(e.attemptedDigest()));
      case Entry.ClockRead e -> e;
      case Entry.SeedDrawn e -> e;
      case Entry.WaitStarted e -> e;
      case Entry.WaitEnded e -> e;
      case Entry.ApprovalAnswered e ->
          new Entry.ApprovalAnswered(e.path(), e.granted(), e.who(), change.words(e.why()));
      case Entry.ChildStarted e ->
          new Entry.ChildStarted(
              e.path(), e.child(), e.workflow(), change.digest(e.inputDigest()), e.deadline());
      case Entry.ChildCancelled e -> new Entry.ChildCancelled(e.path(), change.words(e.why()));
      case Entry.RaceWon e -> e;
      case Entry.WaitDropped e -> e;
    };
  }

  private static Entry.AnswerTaken taken(Entry.AnswerTaken answer, Change change) {
    return new Entry.AnswerTaken(
        answer.path(),
        withInput(answer.call(), change),
        answer.intent().map(fact -> withName(fact, change)),
        change.apply(answer.result()));
  }

  private static Entry.Call withInput(Entry.Call call, Change change) {
    return new Entry.Call(
        call.contract(), change.digest(call.inputDigest()), change.apply(call.input()));
  }

  private static Entry withShown(Entry.ApprovalAsked asked, Change change) {
    return new Entry.ApprovalAsked(
        asked.path(),
        change.apply(asked.shown()),
        change.digest(asked.digest()),
        asked.approvers(),
        asked.due(),
        asked.escalates());
  }

  private static Entry withIntent(Entry.EffectIntended intended, Change change) {
    Entry.Call call = withInput(intended.call(), change);
    Optional<Intent> intent = intended.intent().map(fact -> withName(fact, change));
    // The key of a fact is a digest of its name.
    var key =
        intent.isPresent()
            ? new IdempotencyKey(change.digest(intended.key().text()))
            : intended.key();
    return new Entry.EffectIntended(intended.path(), call, key, intent, intended.undo());
  }

  private static Intent withName(Intent fact, Change change) {
    return new Intent(fact.scope(), change.words(fact.name()), fact.generation());
  }

  private static Failure withMessage(Failure failure, Change change) {
    String message = change.words(failure.message());
    return switch (failure) {
      case Failure.NotSent f -> new Failure.NotSent(f.code(), message);
      case Failure.Rejected f -> new Failure.Rejected(f.code(), message);
      case Failure.Transient f -> new Failure.Transient(f.code(), message, f.retryAfter());
      case Failure.Unknown f -> new Failure.Unknown(f.code(), message);
    };
  }

  private static Wait withWords(Wait wait, Change change) {
    return switch (wait) {
      case Wait.Doubt w -> new Wait.Doubt(w.path(), change.words(w.reason()));
      case Wait.HeldFact w ->
          new Wait.HeldFact(w.path(), change.words(w.fact()), w.holder(), w.due());
      case Wait.Retry w -> w;
      case Wait.Probe w -> w;
      case Wait.HeldIntent w -> w;
      case Wait.Timer w -> w;
      case Wait.Signal w -> w;
      case Wait.Child w -> w;
      case Wait.QueueRoom w -> w;
      case Wait.Approval w -> w;
    };
  }

  private static Entry.End withContents(Entry.End end, Change change) {
    return switch (end) {
      case Entry.RunCompleted e -> new Entry.RunCompleted(change.apply(e.result()));
      case Entry.RunFailed e ->
          new Entry.RunFailed(
              change.words(e.reason()), e.failure().map(f -> withMessage(f, change)));
      case Entry.RunCancelled e ->
          new Entry.RunCancelled(e.who(), change.words(e.why()), e.unsettled());
      case Entry.RunTruncated e ->
          new Entry.RunTruncated(e.limit(), change.words(e.facts()), e.unsettled());
      case Entry.RunCompensated e ->
          new Entry.RunCompensated(change.words(e.reason()), e.undone(), e.left());
    };
  }

  private static Verdict withResult(Verdict verdict, Change change) {
    return switch (verdict) {
      case Verdict.Happened happened -> new Verdict.Happened(change.apply(happened.result()));
      case Verdict.DidNotHappen none -> none;
    };
  }
}
