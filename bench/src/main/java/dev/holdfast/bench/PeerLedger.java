package dev.holdfast.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The outside world of the compared systems, one line for each thing that happened: the name of the
 * run and the number of the step or the key. Safe for many threads.
 */
final class PeerLedger implements AutoCloseable {
  /** What half of a call takes, before and after the thing itself: there and back. */
  private static final Duration WAY = Duration.ofMillis(10);

  private final FileChannel channel;
  private final Set<String> keys = new HashSet<>();

  /** Opens the ledger in that file, with all that earlier processes wrote. */
  PeerLedger(Path file) throws IOException {
    if (Files.exists(file)) {
      read(file).forEach(line -> keys.add(line.key()));
    }
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /** A line of the ledger. */
  record Line(String run, String key) {
    static Line parse(String text) {
      int space = text.indexOf(' ');
      return new Line(text.substring(0, space), text.substring(space + 1));
    }
  }

  /** The whole lines; a process that was killed cannot leave half of one, but may be about to. */
  static List<Line> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Line::parse).toList();
  }

  /** Notes that a step was executed; survives the death of the process. */
  void count(String run, int step) throws IOException {
    write(run + " " + step + "\n");
  }

  /** Does the thing whatever was done before, as a target without keys does; survives all. */
  void pay(String run, String key) throws IOException, InterruptedException {
    Thread.sleep(WAY);
    write(run + " " + key + "\n");
    channel.force(false);
    Thread.sleep(WAY);
  }

  /** Does the thing unless it was done under that key, as a target that honours keys does. */
  void payOnce(String run, String key) throws IOException, InterruptedException {
    Thread.sleep(WAY);
    synchronized (keys) {
      if (keys.add(key)) {
        write(run + " " + key + "\n");
        channel.force(false);
      }
    }
    Thread.sleep(WAY);
  }

  private void write(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    synchronized (channel) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
