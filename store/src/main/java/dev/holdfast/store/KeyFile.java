package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** The keys of a file; its text says nothing of them. */
final class KeyFile implements Encryption {
  private final Path file;
  private final Map<String, byte[]> keys;

  private KeyFile(Path file, Map<String, byte[]> keys) {
    this.file = file;
    this.keys = keys;
  }

  static KeyFile read(Path file) {
    var keys = new LinkedHashMap<String, byte[]>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.strip().split("\\s+", -1);
          keys.put(parts[0], key(parts));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // The cause may quote what it could not read.
      throw refused(file, e.getClass().getSimpleName());
    }
    if (keys.isEmpty()) {
      throw refused(file, "it holds no key");
    }
    return new KeyFile(file, keys);
  }

  private static byte[] key(String[] parts) {
    byte[] key = Base64.getDecoder().decode(parts.length == 2 ? parts[1] : "");
    SealedText.requireKey(parts[0], key);
    return key;
  }

  private static StoreFailed refused(Path file, String why) {
    return new StoreFailed(
        ("The keys cannot be read from %s (%s). Write a line NAME BASE64 for each key of 32 bytes,"
                + " the current one first; `openssl rand -base64 32` makes one.")
            .formatted(file, why));
  }

  @Override
  public String currentKeyId() {
    return keys.keySet().iterator().next();
  }

  @Override
  public byte[] key(String id) {
    byte[] key = keys.get(id);
    if (key == null) {
      throw new IllegalArgumentException("%s holds no key '%s'".formatted(file, id));
    }
    return key.clone();
  }

  @Override
  public String toString() {
    return "keys " + keys.keySet() + " of " + file;
  }
}
