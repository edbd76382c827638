package dev.holdfast.store;

import java.util.Optional;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What is left where something is cut off, on every store whose data is under keys. */
@EnabledIfSystemProperty(named = "holdfast.campaigns", matches = "true")
class EncryptedRetentionCutTest extends RetentionCutTest {
  @Override
  Optional<Encryption> keys() {
    return Optional.of(new TestKeys("k1"));
  }
}
