package dev.holdfast.console;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What runs are executed with beside their code. */
final class Manifests {
  private Manifests() {}

  /** What the run was executed with last, by name. */
  static Map<String, String> of(List<Recorded> history) {
    var manifest = new TreeMap<String, String>();
    for (Recorded recorded : history) {
      if (recorded.entry() instanceof Entry.RunStarted started) {
        manifest.putAll(started.manifest());
      } else if (recorded.entry() instanceof Entry.ManifestChanged changed) {
        manifest.putAll(changed.now());
        changed.gone().forEach(manifest::remove);
      }
    }
    return manifest;
  }

  /** One line for people, or none. */
  static List<String> lines(List<Recorded> history) {
    Map<String, String> manifest = of(history);
    return manifest.isEmpty() ? List.of() : List.of("executed with " + phrase(manifest));
  }

  /** What a run is executed with that it was not before. */
  static String phrase(Entry.ManifestChanged changed) {
    String gone = String.join(", ", changed.gone());
    return "executed with another manifest: "
        + phrase(changed.now())
        + (gone.isEmpty() ? "" : Phrases.visible(" without " + gone));
  }

  private static String phrase(Map<String, String> manifest) {
    return Phrases.visible(
        String.join(
            ", ",
            manifest.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .toList()));
  }
}
