package dev.holdfast.layers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** How wide and how long a file may be. */
final class FileRules {
  private static final int COLUMNS_MAX = 100;
  private static final int LINES_MEDIAN_MAX = 100;
  private static final int LINES_MAX = 500;

  private FileRules() {}

  static List<Finding> columns(Repository repository) {
    List<Finding> findings = new ArrayList<>();
    for (Source source : repository.sources()) {
      IntStream.range(0, source.lines().size())
          .filter(index -> isTooWide(source.lines().get(index)))
          .mapToObj(index ->
              Finding.at(
                  source,
                  index + 1,
                  "%d columns, the limit is %d"
                      .formatted(source.lines().get(index).length(), COLUMNS_MAX),
                  "Break the line"))
          .forEach(findings::add);
    }
    return findings;
  }

  /** An import cannot be broken into two lines. */
  private static boolean isTooWide(String line) {
    return line.length() > COLUMNS_MAX && !line.startsWith("import ");
  }

  static List<Finding> fileLengths(Repository repository) {
    List<Source> files =
        repository.sources().stream()
            .filter(source -> !source.isDescriptor())
            .sorted(Comparator.comparingInt(source -> source.lines().size()))
            .toList();
    List<Finding> findings = new ArrayList<>();
    for (Source source : files) {
      int lines = source.lines().size();
      if (lines > LINES_MAX) {
        findings.add(
            Finding.at(
                source,
                lines,
                "%d lines, the limit is %d".formatted(lines, LINES_MAX),
                "Find the second thing in this file and give it a file of its own"));
      }
    }
    median(files).ifPresent(findings::add);
    return findings;
  }

  private static Optional<Finding> median(List<Source> ascending) {
    int median = ascending.isEmpty() ? 0 : ascending.get(ascending.size() / 2).lines().size();
    return median <= LINES_MEDIAN_MAX
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "all %d Java files".formatted(ascending.size()),
                "the median is %d lines, the limit is %d".formatted(median, LINES_MEDIAN_MAX),
                "Split files that hold several things"));
  }
}
