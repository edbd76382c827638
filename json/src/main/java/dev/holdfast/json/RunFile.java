package dev.holdfast.json;

import com.fasterxml.jackson.core.JsonFactory;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunState;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run with its whole history as a file of lines, each one JSON object: a header that names the
 * format and the run, an entry a line, and an end that counts them, so that no part of a file is
 * taken for the whole.
 *
 * @param run the run as its store listed it
 * @param entries its history from the first entry on, without a gap
 */
public record RunFile(RunState run, List<Recorded> entries) {
  /** The format that this version writes, and the newest that it reads. */
  public static final int FORMAT = 1;

  private static final JsonFactory FACTORY = ValueMapper.factory();

  /** Copies the entries; an {@link IllegalArgumentException} says where one is missing. */
  public RunFile {
    entries = List.copyOf(entries);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).sequence() != i) {
        throw new IllegalArgumentException(
            "The history of run %s has entry %d where entry %d belongs. Export it again."
                .formatted(run.id(), entries.get(i).sequence(), i));
      }
    }
  }

  /** Writes the file, each line with its end. */
  public void write(Appendable out) throws IOException {
    JsonCodec codec = JsonCodec.standard();
    line(
        out,
        new ObjectText(256)
            .field("holdfast", "run")
            .field("format", FORMAT)
            .raw("run", codec.json(run))
            .end());
    for (Recorded entry : entries) {
      line(out, codec.json(entry));
    }
    line(out, new ObjectText(32).field("end", entries.size()).end());
  }

  private static void line(Appendable out, String json) throws IOException {
    out.append(json).append('\n');
  }

  /**
   * Reads one file, and nothing beyond its end.
   *
   * @throws IllegalArgumentException for what is no such file, a newer one, or part of one; names
   *     the line
   */
  public static RunFile read(BufferedReader in) throws IOException {
    JsonCodec codec = JsonCodec.standard();
    RunState run = header(in.readLine(), codec);
    var entries = new ArrayList<Recorded>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("{\"end\":")) {
        checkEnd(line, entries.size());
        return new RunFile(run, entries);
      }
      entries.add(recorded(codec, line, entries.size() + 2));
    }
    throw broken(entries.size() + 2, "the file stops after %d entries.".formatted(entries.size()));
  }

  private static Recorded recorded(JsonCodec codec, String line, int number) {
    try {
      return codec.readRecorded(line);
    } catch (IllegalArgumentException unreadable) {
      throw broken(number, String.valueOf(unreadable.getMessage()));
    }
  }

  private static RunState header(@Nullable String line, JsonCodec codec) throws IOException {
    if (line == null) {
      throw broken(1, "the file is empty.");
    }
    Fields fields;
    int format;
    try {
      fields = Fields.of(FACTORY, line);
      String kind = fields.text("holdfast");
      format = kind.equals("run") ? fields.number("format") : 0;
    } catch (IOException | IllegalArgumentException other) {
      throw broken(1, "this is no header of an exported run.");
    }
    if (format < 1 || format > FORMAT) {
      throw broken(
          1,
          "it is of format %d, and this version reads 1 to %d. Read it with a newer version."
              .formatted(format, FORMAT));
    }
    RunState run = codec.readRun(fields.payload("run").text());
    fields.requireAllRead();
    return run;
  }

  private static void checkEnd(String line, int count) throws IOException {
    long told;
    try {
      told = Fields.of(FACTORY, line).longNumber("end");
    } catch (IOException | IllegalArgumentException cut) {
      throw broken(count + 2, "the last line is cut.");
    }
    if (told != count) {
      throw broken(count + 2, "it ends after %d entries and tells of %d.".formatted(count, told));
    }
  }

  private static IllegalArgumentException broken(int line, String problem) {
    return new IllegalArgumentException(
        "Line %d of the exported run cannot be read: %s Export the run again."
            .formatted(line, problem));
  }
}
