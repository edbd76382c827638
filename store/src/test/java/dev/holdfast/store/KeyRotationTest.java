package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.json.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Keys are wrapped anew, and the old one can be taken away. */
class KeyRotationTest extends OnEveryStore {
  private static final int KEYS = GoldenRuns.LEFT.size() + 1;
  private final GoldenRuns runs = new GoldenRuns();

  @Override
  TestStore made() {
    return kind.made(folder, Optional.of(new TestKeys("k1")));
  }

  private TestStore with(String... keys) {
    return store.with(Optional.of(new TestKeys(keys)));
  }

  private static Map<String, RunFile> exported(TestStore store) {
    var files = new TreeMap<String, RunFile>();
    try (Retention retention = store.retention()) {
      for (String id : GoldenRuns.LEFT.keySet()) {
        files.put(id, retention.export(id).orElseThrow(() -> new AssertionError(id)));
      }
    }
    return files;
  }

  @Test
  void afterARotationTheOldKeyCanBeTakenAway() {
    runs.make(store);
    Map<String, RunFile> before = exported(store);
    TestStore both = with("k1", "k2");
    try (Retention retention = both.retention()) {
      assertThat(retention.keys()).isEqualTo(Map.of("k1", KEYS));
      assertThat(retention.rotateKeys()).isEqualTo(KEYS);
      assertThat(retention.keys()).isEqualTo(Map.of("k2", KEYS));
      assertThat(retention.rotateKeys()).isZero();
    }
    assertThatThrownBy(store::reader)
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("wrapped by the key 'k2', which was not given");
    TestStore rotated = with("k2");
    assertThat(exported(rotated)).isEqualTo(before);
    runs.finish(rotated);
    assertThat(exported(rotated).keySet()).isEqualTo(before.keySet());
  }

  @Test
  void aRotationThatWasCutOffAnywhereIsFinishedByTheNext() {
    runs.make(store);
    Map<String, RunFile> before = exported(store);
    int transactions = 0;
    // Each begins with what the ones before have done, and comes one transaction further.
    while (isCutOff(with("k1", "k2"), transactions)) {
      assertThat(exported(with("k1", "k2"))).isEqualTo(before);
      transactions++;
    }
    assertThat(transactions).isEqualTo(5);
    assertThat(exported(with("k2"))).isEqualTo(before);
  }

  private static boolean isCutOff(TestStore store, int transactions) {
    try (RetentionTables tables = store.retentionTables()) {
      var dying = new Interrupted(tables, transactions);
      new KeyRotation(dying, store.encryption().orElseThrow(), 5).rotate();
      return false;
    } catch (Interrupted.Died died) {
      return true;
    }
  }

  @Test
  void whatWasErasedGetsNoKeyAgain() {
    runs.make(store);
    try (Retention retention = with("k1", "k2").retention()) {
      retention.eraseRun("ended", "anna", "asked for it");
      assertThat(retention.rotateKeys()).isEqualTo(KEYS - 1);
    }
  }

  @Test
  void aPlainStoreHasNoneToWrap() throws IOException {
    Path other = Files.createDirectory(folder.resolve("plain"));
    try (TestStore plain = kind.made(other);
        Retention retention = plain.retention()) {
      assertThat(retention.keys()).isEmpty();
      assertThatThrownBy(retention::rotateKeys)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is not encrypted");
    }
  }
}
