package dev.holdfast.agents;

import dev.langchain4j.exception.TimeoutException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A reply's bytes, at most 64 MiB of them and none after the deadline. */
final class BoundedStream extends FilterInputStream {
  static final int BYTES_MAX = 64 << 20;

  private final long endNanos;
  private long count;

  BoundedStream(InputStream in, long endNanos) {
    super(in);
    this.endNanos = endNanos;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read;
    try {
      read = super.read(buffer, offset, length);
    } catch (IOException broken) {
      checkTime();
      throw broken;
    }
    checkTime();
    count += Math.max(0, read);
    if (count > BYTES_MAX) {
      throw new IOException("The model's reply is longer than %,d bytes.".formatted(BYTES_MAX));
    }
    return read;
  }

  private void checkTime() {
    if (System.nanoTime() - endNanos >= 0) {
      throw new TimeoutException("The model's server took too long.");
    }
  }
}
