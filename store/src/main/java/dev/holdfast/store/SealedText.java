package dev.holdfast.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Text under a key: AES-256 in GCM with a nonce of 96 bits before it and a tag of 128 bits behind
 * it, in Base64. It opens only where it says that it belongs.
 */
final class SealedText {
  static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder DIGITS = Base64.getUrlEncoder().withoutPadding();

  private SealedText() {}

  /** Does not open: changed, or moved here from elsewhere, or the key is another one. */
  static final class NotOpened extends Exception {
    private static final long serialVersionUID = 1L;

    NotOpened(Throwable cause) {
      super(cause.getClass().getSimpleName(), cause);
    }
  }

  static byte[] random(int bytes) {
    byte[] made = new byte[bytes];
    RANDOM.nextBytes(made);
    return made;
  }

  static void requireKey(String id, byte[] key) {
    if (!id.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException(
          "A key's name is 1 to 100 letters, digits, dots, dashes and underscores.");
    }
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "The key '%s' has %d bytes, not %d.".formatted(id, key.length, KEY_BYTES));
    }
  }

  static String seal(byte[] key, String place, byte[] plain) {
    return seal(key, place, plain, random(NONCE_BYTES));
  }

  /** Seals equal texts to equal ones: the nonce follows from the text. For a key of its own. */
  static String sealAlike(byte[] key, String place, byte[] plain) {
    byte[] nonces = digest(key, "nonces");
    byte[] nonce = Arrays.copyOf(digest(nonces, plain), NONCE_BYTES);
    return seal(key, place, plain, nonce);
  }

  private static String seal(byte[] key, String place, byte[] plain, byte[] nonce) {
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, place);
      var sealed = ByteBuffer.allocate(NONCE_BYTES + cipher.getOutputSize(plain.length));
      sealed.put(nonce);
      cipher.doFinal(ByteBuffer.wrap(plain), sealed);
      return DIGITS.encodeToString(sealed.array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime cannot encrypt with AES-GCM.", e);
    }
  }

  static byte[] open(byte[] key, String place, String sealed) throws NotOpened {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(sealed);
      var nonce = new byte[NONCE_BYTES];
      ByteBuffer rest = ByteBuffer.wrap(bytes).get(nonce);
      var plain = ByteBuffer.allocate(rest.remaining());
      cipher(Cipher.DECRYPT_MODE, key, nonce, place).doFinal(rest, plain);
      return Arrays.copyOf(plain.array(), plain.position());
    } catch (GeneralSecurityException
        | IllegalArgumentException
        | java.nio.BufferUnderflowException e) {
      throw new NotOpened(e);
    }
  }

  /** The keyed digest of a text, 32 bytes. */
  static byte[] digest(byte[] key, String text) {
    return digest(key, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] digest(byte[] key, byte[] bytes) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime lacks HMAC with SHA-256.", e);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce, String place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
