package dev.holdfast.bench;

import java.nio.file.Path;

/** What outlives the lives of a child: the store, the shop and the model provider's record. */
record KillFolder(Path folder) {
  Path store() {
    return folder.resolve("runs.db");
  }

  Path shop() {
    return folder.resolve("shop.db");
  }

  ModelLog models() {
    return new ModelLog(folder.resolve("model-calls.txt"));
  }

  /** The id of the run that plays the recording at that place of the list. */
  static String run(int index) {
    return "run-%04d".formatted(index);
  }
}
