package dev.holdfast.kernel;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Codec;
import java.util.HexFormat;

/** Names computed from content: a codec's digests, shown as hexadecimal or base32 (RFC 4648). */
final class Digests {
  private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

  /** How much of a long parent's id its children's show, in characters. */
  private static final int READABLE_MAX = 100;

  private Digests() {}

  /** The first 16 bytes of the digest of a canonical form, in hexadecimal. */
  static String of(Codec codec, String canonical) {
    return HexFormat.of().formatHex(codec.digest(canonical), 0, 16);
  }

  /** The key of an effect that names no intent. */
  static IdempotencyKey key(Codec codec, RunId run, StepPath path) {
    return new IdempotencyKey(base32(codec.digest("v1\n" + run + "\n" + path + "\n0")));
  }

  /** The key of an effect that names an intent. */
  static IdempotencyKey key(Codec codec, RunId run, Intent intent) {
    String scope =
        switch (intent.scope()) {
          case RUN -> "v1-intent\nRUN\n" + run;
          case GLOBAL -> "v1-intent\nGLOBAL";
        };
    return new IdempotencyKey(
        base32(codec.digest("%s\n%s\n%d".formatted(scope, intent.name(), intent.generation()))));
  }

  /** The id of the run that a step starts: readable where it fits, unique in any case. */
  static RunId child(Codec codec, RunId parent, StepPath path) {
    String readable = parent + "/" + path;
    if (readable.length() <= RunId.LENGTH_MAX) {
      return new RunId(readable);
    }
    int prefix = Math.min(parent.text().length(), READABLE_MAX);
    if (Character.isHighSurrogate(parent.text().charAt(prefix - 1))) {
      prefix--;
    }
    String digest = base32(codec.digest("v1-child\n" + parent + "\n" + path));
    return new RunId(parent.text().substring(0, prefix) + "/" + digest);
  }

  private static String base32(byte[] bytes) {
    var text = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (byte next : bytes) {
      buffer = (buffer << 8) | (next & 0xff);
      for (bits += 8; bits >= 5; bits -= 5) {
        text.append(BASE32.charAt((buffer >> (bits - 5)) & 31));
      }
      buffer &= (1 << bits) - 1;
    }
    return bits == 0
        ? text.toString()
        : text.append(BASE32.charAt(buffer << (5 - bits))).toString();
  }
}
