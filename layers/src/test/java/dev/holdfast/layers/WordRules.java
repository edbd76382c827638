package dev.holdfast.layers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files that speak of the project alone, and of it as finished. */
final class WordRules {
  // Put together from parts, so that this file is not its own first finding.
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.$}~*)-])/(?:work|root|home|Users)(?=[/\"'`\\s]|$)");
  private static final Pattern REGISTRY =
      Pattern.compile(
          "repo1?\\.maven\\." + "|registry\\.np" + "mjs|files\\.pyth" + "onhosted|pypi\\." + "org");
  private static final Pattern MARKER =
      Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK|WI" + "P)\\b");

  private WordRules() {}

  static List<Finding> foreignWords(Repository repository) {
    List<Finding> findings = new ArrayList<>();
    for (Path path : repository.files()) {
      String text = repository.read(path);
      if (text.indexOf('\0') < 0) {
        List<String> lines = text.lines().toList();
        for (int line = 0; line < lines.size(); line++) {
          String place = path + ":" + (line + 1);
          find(MACHINE_PATH, "a path of one machine", place, lines.get(line), findings);
          find(REGISTRY, "the host of a registry", place, lines.get(line), findings);
          find(MARKER, "a mark of unfinished work", place, lines.get(line), findings);
        }
      }
    }
    return findings;
  }

  private static void find(
      Pattern pattern, String what, String place, String line, List<Finding> findings) {
    Matcher match = pattern.matcher(line);
    if (match.find()) {
      String problem = "%s: '%s'".formatted(what, match.group());
      findings.add(new Finding(place, problem, "Finish it or leave it out"));
    }
  }
}
