package dev.holdfast.store;

import java.util.HashMap;
import java.util.Map;

/** Keys that a test makes up: the same for the same name. */
final class TestKeys implements Encryption {
  private final Map<String, byte[]> keys = new HashMap<>();
  private final String current;

  TestKeys(String... names) {
    this.current = names[names.length - 1];
    for (String name : names) {
      keys.put(name, SealedText.digest(new byte[SealedText.KEY_BYTES], name));
    }
  }

  /** Another key under the same name. */
  static TestKeys impostor(String name) {
    var keys = new TestKeys(name);
    keys.keys.put(name, SealedText.digest(new byte[SealedText.KEY_BYTES], "impostor"));
    return keys;
  }

  @Override
  public String currentKeyId() {
    return current;
  }

  @Override
  public byte[] key(String id) {
    byte[] key = keys.get(id);
    if (key == null) {
      throw new IllegalArgumentException("no key " + id);
    }
    return key;
  }
}
