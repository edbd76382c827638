package dev.holdfast.agents;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An input whose every byte is written down, and whose end is that of the process. */
final class Tee extends FilterInputStream {
  private final OutputStream copy;

  Tee(InputStream in, Path file) {
    super(in);
    try {
      copy = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    endAt(next);
    copy.write(next);
    return next;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int count = super.read(bytes, from, length);
    endAt(count);
    copy.write(bytes, from, count);
    return count;
  }

  private static void endAt(int nextOrCount) {
    if (nextOrCount < 0) {
      Runtime.getRuntime().halt(0);
    }
  }
}
