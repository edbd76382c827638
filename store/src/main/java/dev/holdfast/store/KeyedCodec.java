package dev.holdfast.store;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.spi.Codec;
import dev.holdfast.json.JsonCodec;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** The codec of every store, with digests that nobody can compute without the store's key. */
final class KeyedCodec implements Codec {
  private final JsonCodec codec = JsonCodec.standard();
  private final byte[] key;

  KeyedCodec(byte[] key) {
    this.key = key;
  }

  @Override
  public byte[] digest(String text) {
    return SealedText.digest(key, text);
  }

  @Override
  public Payload encode(@Nullable Object value) {
    return codec.encode(value);
  }

  @Override
  public @Nullable Object decode(Payload payload, Type type) {
    return codec.decode(payload, type);
  }

  @Override
  public String canonical(Payload payload) {
    return codec.canonical(payload);
  }

  @Override
  public String canonicalInput(@Nullable Object value) {
    return codec.canonicalInput(value);
  }

  @Override
  public String write(Entry entry) {
    return codec.write(entry);
  }

  @Override
  public Entry read(String text) {
    return codec.read(text);
  }
}
