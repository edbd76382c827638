package dev.holdfast.agents;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** An output whose every write arrives twice, while a file says so. */
final class Echo extends FilterOutputStream {
  private final Path directory;

  Echo(OutputStream out, Path directory) {
    super(out);
    this.directory = directory;
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
    boolean isWhole = length > 0 && bytes[from + length - 1] == '\n';
    if (isWhole && Files.exists(directory.resolve("twice"))) {
      out.write(bytes, from, length);
    }
  }
}
