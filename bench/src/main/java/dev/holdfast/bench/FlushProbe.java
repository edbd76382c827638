package dev.holdfast.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the disk alone does, beside every comparison: the time of a page write and its flush. */
record FlushProbe(Path file) {
  private static final int PAGE_BYTES = 4_096;
  private static final int FLUSHES = 25;

  double medianMillis() throws IOException {
    var samples = new Samples();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < FLUSHES; i++) {
        long began = System.nanoTime();
        channel.write(ByteBuffer.allocate(PAGE_BYTES), (long) i * PAGE_BYTES);
        channel.force(false);
        samples.add((System.nanoTime() - began) / 1e6);
      }
    }
    return samples.median();
  }
}
