package dev.holdfast.kernel;

import dev.holdfast.journal.Failure;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.spi.Codec;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.kernel.spi.Classifier;
import java.lang.invoke.MethodType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What every activation of one engine shares.
 *
 * @param wake lets the engine look at once for runs that became ready
 */
record Parts(
    Journal journal, Codec codec, Settings settings, Crew crew, Watch watch, Runnable wake) {
  static final int CAUSES_MAX = 10;
  private static final Classifier BUILT_IN = new KnownCauses();

  /** Encodes values within the payload limit. */
  record Encoder(Codec codec, Limits limits) {
    Payload encode(@Nullable Object value) {
      Payload payload = codec.encode(value);
      int most = limits.payloadBytesMax();
      if (payload.text().length() > most) {
        throw new IllegalArgumentException(
            "A value of %s has %,d characters when encoded > %,d allowed. Keep it outside and pass"
                    .formatted(typeOf(value), payload.text().length(), most)
                + " a reference, or raise payloadBytesMax.");
      }
      return payload;
    }

    private static String typeOf(@Nullable Object value) {
      return value == null ? "null" : value.getClass().getSimpleName();
    }
  }

  /** Encodes a value within the payload limit. */
  Payload encode(@Nullable Object value) {
    return new Encoder(codec, settings.limits()).encode(value);
  }

  /** Decodes what {@link #encode} encoded. */
  <T> T decode(Payload payload, Class<T> type) {
    return decode(codec, payload, type);
  }

  @SuppressWarnings({"NullAway", "unchecked"}) // null comes back as null, int.class as its box
  static <T> T decode(Codec codec, Payload payload, Class<T> type) {
    var boxed = (Class<T>) MethodType.methodType(type).wrap().returnType();
    return boxed.cast(codec.decode(payload, boxed));
  }

  /** What an exception of an effect's body means; what nobody knows may have happened. */
  Failure classify(Classifier own, Throwable thrown) {
    Classifier all = own.orElse(settings.classifier()).orElse(BUILT_IN);
    try {
      return Redaction.of(firstKnown(all, thrown));
    } catch (RuntimeException unreadable) {
      return new Failure.Unknown(
          Redaction.nameOf(thrown),
          "%s (its classifier threw %s)".formatted(Redaction.of(thrown), Redaction.of(unreadable)));
    }
  }

  private static Failure firstKnown(Classifier classifier, Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; depth < CAUSES_MAX && cause != null; depth++) {
      Optional<Failure> failure = classifier.classify(cause);
      if (failure.isPresent()) {
        return failure.get();
      }
      cause = cause.getCause();
    }
    return unknown(thrown);
  }

  private static Failure unknown(Throwable thrown) {
    return new Failure.Unknown(Redaction.nameOf(thrown), Redaction.of(thrown));
  }
}
