package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.spi.Codec;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps data under keys: what a run records under a key of its own, everything else under one of
 * the store. Each is random and kept in the store, wrapped by a key that is not.
 */
final class KeyVault implements Vault {
  private static final int RUNS_MAX = 10_000;
  private static final String FORMAT = "v1";

  /** What the key of a store is bound to. */
  static final String OF_STORE = "the store";

  private final Encryption encryption;
  private final String location;
  private final byte[] values;
  private final Codec codec;
  private final byte[] digests;
  private final byte[] subjects;

  @SuppressWarnings("serial") // Nobody serialises it.
  private final Map<RunId, Seal> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<RunId, Seal> eldest) {
              return size() > RUNS_MAX;
            }
          });

  private KeyVault(Encryption encryption, String location, byte[] key) {
    this.encryption = encryption;
    this.location = location;
    this.values = SealedText.digest(key, "values");
    this.digests = SealedText.digest(key, "digests");
    this.subjects = SealedText.digest(key, "subjects");
    this.codec = new KeyedCodec(digests);
  }

  /** A new store's key, wrapped. */
  static String made(Encryption encryption) {
    return wrapped(encryption, OF_STORE, SealedText.random(SealedText.KEY_BYTES));
  }

  /** The vault of a store by its wrapped key. */
  static KeyVault of(Encryption encryption, String location, String wrapped) {
    return new KeyVault(encryption, location, unwrapped(encryption, location, OF_STORE, wrapped));
  }

  /** What the key of a run is bound to. */
  static String ofRun(RunId run) {
    return "run " + run;
  }

  /** A key that was wrapped, wrapped by the current one. */
  static String rewrapped(Encryption encryption, String location, String what, String wrapped) {
    return wrapped(encryption, what, unwrapped(encryption, location, what, wrapped));
  }

  Encryption encryption() {
    return encryption;
  }

  /** The name of the key that wrapped it. */
  static String keyId(String wrapped) {
    String[] parts = wrapped.split(":", 3);
    return parts.length == 3 ? parts[1] : "?";
  }

  private static String wrapped(Encryption encryption, String what, byte[] key) {
    String id = encryption.currentKeyId();
    byte[] wrapping = encryption.key(id);
    SealedText.requireKey(id, wrapping);
    return FORMAT + ":" + id + ":" + SealedText.seal(wrapping, "key of " + what, key);
  }

  private static byte[] unwrapped(
      Encryption encryption, String location, String what, String wrapped) {
    String[] parts = wrapped.split(":", 3);
    if (parts.length != 3 || !parts[0].equals(FORMAT)) {
      throw new StoreFailed(
          "The key of %s in %s is none that this version reads. Upgrade Holdfast, or restore a"
                  .formatted(what, location)
              + " backup.");
    }
    byte[] wrapping;
    try {
      wrapping = encryption.key(parts[1]);
      SealedText.requireKey(parts[1], wrapping);
    } catch (IllegalArgumentException e) {
      throw new StoreFailed(
          ("The key of %s in %s was wrapped by the key '%s', which was not given (%s). Nothing was"
                  + " changed. Add that key.")
              .formatted(what, location, parts[1], e.getMessage()));
    }
    try {
      return SealedText.open(wrapping, "key of " + what, parts[2]);
    } catch (SealedText.NotOpened e) {
      throw new StoreFailed(
          ("The key '%s' does not open the key of %s in %s: it is another key, or the store was"
                  + " changed from outside. Nothing was changed. Give the right key, or restore a"
                  + " backup.")
              .formatted(parts[1], what, location),
          e);
    }
  }

  @Override
  public Codec codec() {
    return codec;
  }

  @Override
  public Seal fresh(RunId run) {
    byte[] key = SealedText.random(SealedText.KEY_BYTES);
    String row = wrapped(encryption, ofRun(run), key);
    return new OfRun(run, key, Optional.of(new EncodedEntry.Text(KEY_ROW, row)));
  }

  @Override
  public Optional<Seal> known(RunId run) {
    return Optional.ofNullable(known.get(run));
  }

  @Override
  public Seal of(RunId run, String keyRow) {
    byte[] key = unwrapped(encryption, location, ofRun(run), keyRow);
    var seal = new OfRun(run, key, Optional.empty());
    known.put(run, seal);
    return seal;
  }

  @Override
  public String close(String place, String text) {
    return SealedText.seal(values, place, bytes(text));
  }

  @Override
  public String open(String place, String kept) {
    return opened(values, place, kept);
  }

  @Override
  public String name(String name) {
    return HexFormat.of().formatHex(SealedText.digest(digests, "name\n" + name));
  }

  @Override
  public String closeSubject(String subject) {
    return SealedText.sealAlike(subjects, "subject", bytes(subject));
  }

  @Override
  public String openSubject(String kept) {
    return opened(subjects, "subject", kept);
  }

  private String opened(byte[] key, String place, String kept) {
    try {
      return new String(SealedText.open(key, place, kept), StandardCharsets.UTF_8);
    } catch (SealedText.NotOpened e) {
      throw new StoreFailed(
          ("What %s keeps as %s does not open: it was changed or moved from outside, or its key is"
                  + " gone. Restore a backup.")
              .formatted(location, place),
          e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The seal of one run; never the same as another's, as its key is. */
  private final class OfRun implements Seal {
    private final RunId run;
    private final byte[] key;
    private final byte[] digestKey;
    private final Optional<EncodedEntry.Text> keyRow;

    OfRun(RunId run, byte[] key, Optional<EncodedEntry.Text> keyRow) {
      this.run = run;
      this.key = SealedText.digest(key, "values");
      this.digestKey = SealedText.digest(key, "digests");
      this.keyRow = keyRow;
    }

    @Override
    public boolean isNone() {
      return false;
    }

    @Override
    public String close(String place, String text) {
      return SealedText.seal(key, place(place), bytes(text));
    }

    @Override
    public String open(String place, String kept) {
      return opened(key, place(place), kept);
    }

    private String place(String place) {
      return "run " + run + ", " + place;
    }

    @Override
    public byte[] digest(String text) {
      return SealedText.digest(digestKey, text);
    }

    @Override
    public Optional<EncodedEntry.Text> keyRow() {
      return keyRow;
    }
  }
}
