package dev.holdfast.store;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that are played on each kind of store, each on a new and empty one. */
@ParameterizedClass
@EnumSource
abstract class OnEveryStore {
  @SuppressWarnings("NullAway.Init") // JUnit sets it before every test.
  @Parameter
  TestStore.Kind kind;

  @TempDir Path folder;
  TestStore store;

  @BeforeEach
  void makeStore() {
    store = made();
  }

  TestStore made() {
    return kind.made(folder);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }
}
