package dev.holdfast.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The recorded runs of a folder: every {@code trajectories.X.jsonl} with its {@code
 * expected.X.jsonl}, one run a line, matched by id.
 */
final class RecordedRuns {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;

  private RecordedRuns(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads all runs, files by name, lines in order.
   *
   * @throws IllegalArgumentException if the folder holds no recordings, or a run cannot be
   *     understood or has no expectation
   */
  static List<RecordedRun> read(Path folder) {
    RecordedRuns recorded = new RecordedRuns(folder);
    List<RecordedRun> runs = new ArrayList<>();
    for (Path file : recorded.files()) {
      runs.addAll(recorded.runs(file));
    }
    return List.copyOf(runs);
  }

  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException("There is no folder of recorded runs at " + folder + ".");
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "trajectories.*.jsonl")) {
      found.forEach(files::add);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Listing " + folder + " failed.", unreadable);
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          """
          The folder %s holds no recorded runs. \
          It should hold files trajectories.X.jsonl, each with its expected.X.jsonl.\
          """
              .formatted(folder));
    }
    Collections.sort(files);
    return files;
  }

  private List<RecordedRun> runs(Path file) {
    String name = file.getFileName().toString();
    Path expectations = folder.resolve(name.replaceFirst("trajectories", "expected"));
    Map<String, JsonNode> expected = new HashMap<>();
    for (JsonNode line : lines(expectations)) {
      expected.put(line.path("id").asText(), line);
    }
    List<RecordedRun> runs = new ArrayList<>();
    for (JsonNode run : lines(file)) {
      JsonNode expectation = expected.get(run.path("id").asText());
      if (expectation == null) {
        throw new IllegalArgumentException(
            "Run '%s' of %s has no line in %s."
                .formatted(run.path("id").asText(), file, expectations));
      }
      runs.add(new RecordedRunReader(folder, run, expectation).read());
    }
    return runs;
  }

  private static List<JsonNode> lines(Path file) {
    List<JsonNode> lines = new ArrayList<>();
    try (var text = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        number++;
        if (!line.isBlank()) {
          lines.add(parse(line, file, number));
        }
      }
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("The file " + file + " is unreadable.", unreadable);
    }
    return lines;
  }

  private static JsonNode parse(String line, Path file, int number) {
    try {
      return JSON.readTree(line);
    } catch (IOException malformed) {
      throw new IllegalArgumentException(
          "Line %d of %s is no JSON: a recorded run is one JSON object a line."
              .formatted(number, file),
          malformed);
    }
  }
}
