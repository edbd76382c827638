package dev.holdfast.store;

import java.util.Optional;

/** What erasure and purge take and leave, on every store whose data is under keys. */
class EncryptedRetentionTest extends RetentionTest {
  @Override
  Optional<Encryption> keys() {
    return Optional.of(new TestKeys("k1"));
  }
}
