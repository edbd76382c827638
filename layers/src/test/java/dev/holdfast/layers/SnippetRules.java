package dev.holdfast.layers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Code shown in the docs is code that is compiled and run: each block is a region of an example,
 * between the comments {@code snippet: NAME} and {@code end: NAME}.
 */
final class SnippetRules {
  private static final String START = "// snippet: ";
  private static final String END = "// end: ";

  private SnippetRules() {}

  /** A part of a file, with the place where it starts; its indentation does not count. */
  private record Block(String place, String text) {
    static Block of(String place, List<String> lines) {
      String text = lines.stream().map(String::strip).collect(Collectors.joining("\n"));
      return new Block(place, text.strip());
    }
  }

  static List<Finding> blocks(Repository repository) {
    List<Finding> findings = new ArrayList<>();
    List<Block> regions = regions(repository, findings);
    for (Path page : LinkRules.pages(repository)) {
      for (Block block : javaBlocks(repository, page)) {
        if (regions.stream().noneMatch(region -> region.text().equals(block.text()))) {
          findings.add(unlike(block, regions));
        }
      }
    }
    return findings;
  }

  private static Finding unlike(Block block, List<Block> regions) {
    String first = block.text().lines().findFirst().orElse("");
    String nearest =
        regions.stream()
            .filter(region -> region.text().startsWith(first))
            .findFirst()
            .flatMap(region -> difference(block, region))
            .orElse("none starts with '%s'".formatted(first));
    return new Finding(
        block.place(),
        "this Java block is no region of an example; " + nearest,
        "Copy it from a file under examples/src, between '%sNAME' and '%sNAME'"
            .formatted(START, END));
  }

  private static Optional<String> difference(Block block, Block region) {
    List<String> shown = block.text().lines().toList();
    List<String> real = region.text().lines().toList();
    for (int line = 0; line < Math.min(shown.size(), real.size()); line++) {
      if (!shown.get(line).equals(real.get(line))) {
        return Optional.of(
            "the one at %s differs in its line %d: '%s' there, '%s' here"
                .formatted(region.place(), line + 1, real.get(line), shown.get(line)));
      }
    }
    return Optional.of(
        "the one at %s has %d lines, this %d".formatted(region.place(), real.size(), shown.size()));
  }

  private static List<Block> javaBlocks(Repository repository, Path page) {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = repository.lines(page);
    for (int start = 0; start < lines.size(); start++) {
      if (lines.get(start).strip().equals("```java")) {
        List<String> block =
            lines.stream().skip(start + 1L).takeWhile(line -> !line.strip().equals("```")).toList();
        blocks.add(Block.of(page + ":" + (start + 1), block));
      }
    }
    return blocks;
  }

  private static List<Block> regions(Repository repository, List<Finding> findings) {
    List<Block> regions = new ArrayList<>();
    Map<String, String> places = new HashMap<>();
    for (Source source : repository.sources()) {
      if (source.directory().equals(Module.EXAMPLES.directory())) {
        for (int line = 0; line < source.lines().size(); line++) {
          region(source, line, places, findings).ifPresent(regions::add);
        }
      }
    }
    return regions;
  }

  private static Optional<Block> region(
      Source source, int line, Map<String, String> places, List<Finding> findings) {
    String marker = source.lines().get(line).strip();
    if (!marker.startsWith(START)) {
      return Optional.empty();
    }
    String name = marker.substring(START.length());
    String place = source.path() + ":" + (line + 1);
    String earlier = places.put(name, place);
    if (earlier != null) {
      findings.add(new Finding(place, "snippet %s is also at %s".formatted(name, earlier), RENAME));
    }
    Stream<String> rest = source.lines().stream().skip(line + 1L);
    List<String> region = rest.takeWhile(next -> !next.strip().equals(END + name)).toList();
    if (line + 1 + region.size() == source.lines().size()) {
      findings.add(new Finding(place, "snippet %s has no end".formatted(name), CLOSE + name));
      return Optional.empty();
    }
    return Optional.of(Block.of(place, region));
  }

  private static final String RENAME = "Give one of them another name";
  private static final String CLOSE = "End it with " + END;
}
