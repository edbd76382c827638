package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a run is executed with beside its code, by name; pinned at its start. */
final class Manifest {
  static final int NAMES_MAX = 200;
  static final int NAME_LENGTH_MAX = 100;
  static final int VALUE_LENGTH_MAX = 200;

  private Manifest() {}

  /** The manifest of that workflow; refuses what is out of bounds. */
  static Map<String, String> of(Workflow<?, ?> workflow) {
    Map<String, String> manifest = Map.copyOf(workflow.manifest());
    if (manifest.size() > NAMES_MAX) {
      throw new IllegalArgumentException(
          "The manifest of workflow '%s' has %,d names > %,d allowed. Put digests of groups there."
              .formatted(workflow.name(), manifest.size(), NAMES_MAX));
    }
    manifest.forEach((name, value) -> check(workflow.name(), name, value));
    return manifest;
  }

  private static void check(String workflow, String name, String value) {
    boolean isTooLong = name.length() > NAME_LENGTH_MAX || value.length() > VALUE_LENGTH_MAX;
    if (name.isBlank() || isTooLong) {
      throw new IllegalArgumentException(
          ("The manifest of workflow '%s' has a name of %d characters with a value of %d: 1 to %d"
                  + " and at most %d are allowed. Put a digest there.")
              .formatted(
                  workflow, name.length(), value.length(), NAME_LENGTH_MAX, VALUE_LENGTH_MAX));
    }
  }

  /** The manifest after one more entry. */
  static Map<String, String> after(Map<String, String> before, Entry.ManifestChanged change) {
    var after = new TreeMap<>(before);
    after.putAll(change.now());
    change.gone().forEach(after::remove);
    return after;
  }

  /** What has to be journaled before a run goes on with another manifest. */
  static Optional<Entry.ManifestChanged> change(
      Map<String, String> before, Map<String, String> after) {
    var now = new TreeMap<>(after);
    now.entrySet().removeAll(before.entrySet());
    List<String> gone = before.keySet().stream().filter(name -> !after.containsKey(name)).toList();
    return now.isEmpty() && gone.isEmpty()
        ? Optional.empty()
        : Optional.of(new Entry.ManifestChanged(now, gone));
  }
}
