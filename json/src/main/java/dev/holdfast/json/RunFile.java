package dev.holdfast.json;

import com.fasterxml.jackson.core.JsonFactory;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run with its whole history as a file of lines, each one JSON object: a header that names the
 * formats and the run, an entry a line, and an end that counts them, so that no part of a file is
 * taken for the whole.
 *
 * @param run the run as its store listed it
 * @param entries its history from the first entry on, without a gap
 * @param beside what its store kept of it besides; empty where that is not known, as in format 1
 */
public record RunFile(RunState run, List<Recorded> entries, Optional<Beside> beside) {
  /** The format that this version writes, and the newest that it reads. */
  public static final int FORMAT = 2;

  private static final JsonFactory FACTORY = ValueMapper.factory();

  /**
   * What a store keeps of a run beside its history.
   *
   * @param subject whose data it holds, if that was said
   * @param deduplication what makes it the same start as an earlier one of its queue, if anything
   * @param handedOn the state of its session, where this run was the last to hand one on
   * @param mail what it has not consumed yet, oldest first, numbered from 1
   * @param facts the ledger's rows that are this run's
   * @param gaps the sequences that a replay need not read
   */
  public record Beside(
      Optional<String> subject,
      Optional<String> deduplication,
      Optional<Payload> handedOn,
      List<Message.Mail> mail,
      List<Fact> facts,
      List<Claim.Gap> gaps) {
    /** Copies the lists. */
    public Beside {
      mail = List.copyOf(mail);
      facts = List.copyOf(facts);
      gaps = List.copyOf(gaps);
    }
  }

  /** A run of which nothing but its history is known. */
  public RunFile(RunState run, List<Recorded> entries) {
    this(run, entries, Optional.empty());
  }

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
    var header =
        new ObjectText(256)
            .field("holdfast", "run")
            .field("format", FORMAT)
            .field("entryFormat", JsonCodec.ENTRY_FORMAT)
            .raw("run", codec.json(run));
    beside.ifPresent(kept -> header.raw("beside", BesideText.write(codec, kept)));
    line(out, header.end());
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
    RunFile begun = header(in.readLine(), codec);
    var entries = new ArrayList<Recorded>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("{\"end\":")) {
        checkEnd(line, entries.size());
        return new RunFile(begun.run, entries, begun.beside);
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

  /** The file as its header tells it, without the entries. */
  private static RunFile header(@Nullable String line, JsonCodec codec) throws IOException {
    if (line == null) {
      throw broken(1, "the file is empty.");
    }
    Fields fields = checked(line);
    RunState run = codec.readRun(fields.payload("run").text());
    Optional<Fields> beside = fields.optionalObject("beside");
    fields.requireAllRead();
    return new RunFile(
        run,
        List.of(),
        beside.isPresent() ? Optional.of(BesideText.read(codec, beside.get())) : Optional.empty());
  }

  /** The fields of a header of a format that is known here. */
  private static Fields checked(String line) {
    Fields fields;
    int format;
    int entryFormat;
    try {
      fields = Fields.of(FACTORY, line);
      String kind = fields.text("holdfast");
      format = kind.equals("run") ? fields.number("format") : 0;
      entryFormat = format == 1 ? 1 : fields.number("entryFormat");
    } catch (IOException | IllegalArgumentException other) {
      throw broken(1, "this is no header of an exported run.");
    }
    requireKnown("it", format, FORMAT);
    requireKnown("what follows", entryFormat, JsonCodec.ENTRY_FORMAT);
    return fields;
  }

  private static void requireKnown(String what, int format, int formatMax) {
    if (format < 1 || format > formatMax) {
      throw new IllegalArgumentException(
          ("Line 1 of the exported run cannot be read: %s is of format %d, and this version reads"
                  + " 1 to %d. Read it with a newer version.")
              .formatted(what, format, formatMax));
    }
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
