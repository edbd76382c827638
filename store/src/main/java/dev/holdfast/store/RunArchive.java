package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.json.RunFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Exported runs one after the other in a file, compressed where its name ends in {@code .gz}.
 *
 * @param file where they are
 */
record RunArchive(Path file) {
  /** What is done with a run of a file. */
  @FunctionalInterface
  interface Use {
    void with(RunFile run) throws IOException;
  }

  /** Writes those runs; durable on return, and not there at all where it fails. */
  void write(Export export, List<RunId> runs) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.deleteIfExists(part);
      Files.createFile(
          part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        var packed = new GZIPOutputStream(Channels.newOutputStream(channel));
        Writer out = new OutputStreamWriter(packed, StandardCharsets.UTF_8);
        for (RunId run : runs) {
          exported(export, run).write(out);
        }
        out.flush();
        packed.finish();
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel folder = FileChannel.open(parent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new StoreFailed(
          "The archive %s could not be written (%s). Nothing was purged. Check the disk."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private Path parent() {
    return Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
  }

  /** Reads the file back, and compares it with what the store holds. */
  void verify(Export export, List<RunId> runs) {
    var found = new ArrayList<RunId>();
    each(run -> {
      found.add(run.run().id());
      if (!run.equals(exported(export, run.run().id()))) {
        throw new IOException("run " + run.run().id() + " differs");
      }
    });
    if (!found.equals(runs)) {
      throw new StoreFailed(
          "The archive %s holds %,d runs, not %,d. Nothing of it was purged. Archive again."
              .formatted(file, found.size(), runs.size()));
    }
  }

  /** Reads one run after the other. */
  void each(Use use) {
    try (InputStream raw = Files.newInputStream(file);
        InputStream unpacked = isPacked() ? new GZIPInputStream(raw) : raw;
        var in = new BufferedReader(new InputStreamReader(unpacked, StandardCharsets.UTF_8))) {
      while (hasMore(in)) {
        use.with(RunFile.read(in));
      }
    } catch (IllegalArgumentException e) {
      throw new StoreFailed("Nothing more was done with %s. %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new StoreFailed(
          "Nothing more was done: %s cannot be read (%s). Check the path; if the file is cut, export again."
              .formatted(
                  file,
                  e instanceof NoSuchFileException ? "there is no such file" : e.getMessage()),
          e);
    }
  }

  private boolean isPacked() {
    return file.toString().endsWith(".gz");
  }

  private static boolean hasMore(BufferedReader in) throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      return false;
    }
    in.reset();
    return true;
  }

  private static RunFile exported(Export export, RunId run) {
    return export
        .of(run)
        .orElseThrow(() ->
            new IllegalStateException(
                "Run %s is gone: it was purged meanwhile. Archive again.".formatted(run)));
  }
}
