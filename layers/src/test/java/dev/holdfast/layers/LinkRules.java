package dev.holdfast.layers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pages whose links lead somewhere. */
final class LinkRules {
  private static final Pattern LINK =
      Pattern.compile("(?<!`)!?\\[[^\\]]*]\\(<?([^)\\s>]+)[^)]*\\)");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  private LinkRules() {}

  /** The pages that a reader of the project meets. */
  static List<Path> pages(Repository repository) {
    return repository.files().stream()
        .filter(path -> path.toString().endsWith(".md"))
        .filter(path -> path.getNameCount() == 1 || path.startsWith("docs"))
        .toList();
  }

  static List<Finding> links(Repository repository) {
    List<Finding> findings = new ArrayList<>();
    for (Path page : pages(repository)) {
      List<String> lines = repository.lines(page);
      boolean isCode = false;
      for (int line = 0; line < lines.size(); line++) {
        isCode ^= lines.get(line).strip().startsWith("```");
        Matcher link = LINK.matcher(isCode ? "" : lines.get(line));
        while (link.find()) {
          check(repository, page, line + 1, link.group(1), findings);
        }
      }
    }
    return findings;
  }

  private static void check(
      Repository repository, Path page, int line, String link, List<Finding> findings) {
    if (ELSEWHERE.matcher(link).matches()) {
      return;
    }
    String file = link.replaceAll("#.*", "");
    Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    if (!Files.exists(repository.root().resolve(target))) {
      findings.add(broken(page, line, link, "there is no " + target));
    } else if (link.contains("#") && !hasHeading(repository, target, link)) {
      findings.add(broken(page, line, link, target + " has no such heading"));
    }
  }

  private static Finding broken(Path page, int line, String link, String reason) {
    String problem = "the link to %s leads nowhere: %s".formatted(link, reason);
    return new Finding(page + ":" + line, problem, "Correct or remove it");
  }

  private static boolean hasHeading(Repository repository, Path page, String link) {
    String wanted = link.replaceAll(".*#", "");
    return repository.lines(page).stream()
        .map(HEADING::matcher)
        .filter(Matcher::matches)
        .anyMatch(heading -> anchor(heading.group(1)).equals(wanted));
  }

  /** The anchor that the usual viewers give to a heading. */
  private static String anchor(String heading) {
    String words = heading.strip().toLowerCase(Locale.ROOT);
    return words.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }
}
