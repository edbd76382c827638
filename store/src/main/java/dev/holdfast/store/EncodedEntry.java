package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.NewRun;
import dev.holdfast.json.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
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

  static EncodedEntry of(JsonCodec codec, Entry entry) {
    var texts = new ArrayList<Text>();
    Entry referring = withPayloads(entry, payload -> outside(payload, texts));
    return new EncodedEntry(codec.write(referring), List.copyOf(texts));
  }

  /** The first entry of a run, as rows. */
  static EncodedEntry first(JsonCodec codec, NewRun run) {
    return of(codec, run.started());
  }

  /** The entry with every reference replaced by the text that is found for its digest. */
  static Entry decode(JsonCodec codec, String body, UnaryOperator<String> textByDigest) {
    Entry entry = codec.read(body);
    return body.contains(REFERENCE)
        ? withPayloads(entry, payload -> inside(payload, textByDigest))
        : entry;
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

  /** How many characters it brings to the database. */
  long length() {
    long length = body.length();
    for (Text text : texts) {
      length += text.text().length();
    }
    return length;
  }

  private static Payload outside(Payload payload, List<Text> texts) {
    String text = payload.text();
    // What looks like a reference, once its blanks are gone, must not be taken for one when it is
    // read.
    if (text.length() <= INLINE_MAX && !text.contains(REFERENCE)) {
      return payload;
    }
    String digest = digest(text);
    texts.add(new Text(digest, text));
    return new Payload(REFERENCE + digest + "\"}");
  }

  private static Payload inside(Payload payload, UnaryOperator<String> textByDigest) {
    String text = payload.text();
    if (!text.startsWith(REFERENCE)) {
      return payload;
    }
    return new Payload(
        textByDigest.apply(text.substring(REFERENCE.length(), REFERENCE_LENGTH - 2)));
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return DIGITS.encodeToString(Arrays.copyOf(digest, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  private static Entry withPayloads(Entry entry, UnaryOperator<Payload> change) {
    return switch (entry) {
      case Entry.RunStarted e ->
          new Entry.RunStarted(e.workflow(), e.version(), change.apply(e.input()), e.inputDigest());
      case Entry.EffectIntended e ->
          new Entry.EffectIntended(e.path(), withInput(e.call(), change), e.key(), e.intent());
      case Entry.StepAnswered e ->
          new Entry.StepAnswered(e.path(), withInput(e.call(), change), change.apply(e.result()));
      case Entry.EffectSucceeded e ->
          new Entry.EffectSucceeded(e.path(), change.apply(e.result()), e.origin());
      case Entry.DoubtSettled e ->
          new Entry.DoubtSettled(e.path(), withResult(e.verdict(), change), e.who(), e.why());
      case Entry.RunCompleted e -> new Entry.RunCompleted(change.apply(e.result()));
      case Entry.SignalTaken e -> new Entry.SignalTaken(e.path(), e.id(), change.apply(e.value()));
      case Entry.SignalReceived e ->
          new Entry.SignalReceived(e.name(), e.id(), change.apply(e.value()), e.who(), e.sentAt());
      case Entry.ApprovalAsked e -> withShown(e, change);
      case Entry.RunClaimed e -> e;
      case Entry.ScopeOpened e -> e;
      case Entry.AttemptStarted e -> e;
      case Entry.AttemptFailed e -> e;
      case Entry.EffectGaveUp e -> e;
      case Entry.EffectDoubted e -> e;
      case Entry.InputDrifted e -> e;
      case Entry.ClockRead e -> e;
      case Entry.SeedDrawn e -> e;
      case Entry.WaitStarted e -> e;
      case Entry.WaitEnded e -> e;
      case Entry.ApprovalAnswered e -> e;
      case Entry.CancelRequested e -> e;
      case Entry.RunParked e -> e;
      case Entry.RunResumed e -> e;
      case Entry.MessageRefused e -> e;
      case Entry.RunFailed e -> e;
      case Entry.RunCancelled e -> e;
      case Entry.RunTruncated e -> e;
      case Entry.RunQuarantined e -> e;
      case Entry.RunErased e -> e;
    };
  }

  private static Entry.Call withInput(Entry.Call call, UnaryOperator<Payload> change) {
    return new Entry.Call(call.contract(), call.inputDigest(), change.apply(call.input()));
  }

  private static Entry withShown(Entry.ApprovalAsked asked, UnaryOperator<Payload> change) {
    return new Entry.ApprovalAsked(
        asked.path(),
        change.apply(asked.shown()),
        asked.digest(),
        asked.approvers(),
        asked.due(),
        asked.escalates());
  }

  private static Verdict withResult(Verdict verdict, UnaryOperator<Payload> change) {
    return switch (verdict) {
      case Verdict.Happened happened -> new Verdict.Happened(change.apply(happened.result()));
      case Verdict.DidNotHappen none -> none;
    };
  }
}
