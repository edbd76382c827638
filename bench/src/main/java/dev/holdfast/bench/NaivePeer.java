package dev.holdfast.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * The loop that everybody writes first: one file for each run, one line for each result, flushed
 * before the next step; a life that comes later skips the steps that have a line.
 */
final class NaivePeer implements Peer {
  private final Path folder;
  private final PeerLedger ledger;
  private final PeerClients clients = new PeerClients();

  NaivePeer(Path folder, PeerLedger ledger) {
    this.folder = folder;
    this.ledger = ledger;
  }

  /** What a step does and answers. */
  private interface Step {
    String take(int number) throws IOException, InterruptedException;
  }

  private void run(String id, int steps, Step step) throws IOException, InterruptedException {
    Path file = folder.resolve(id + ".txt");
    int done = Files.exists(file) ? (int) Files.readString(file).lines().count() : 0;
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      for (int i = done; i < steps; i++) {
        String line = step.take(i) + "\n";
        channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        channel.force(false);
      }
    }
  }

  @Override
  public StepsWorkload.Measured steps(Duration length, int batch) throws Exception {
    return clients.measure(
        length, seed -> run("run-" + seed, STEPS, i -> StepsWorkload.answer(seed + i)));
  }

  @Override
  public void turns(int count) throws IOException, InterruptedException {
    run("history", count, StepsWorkload::turn);
  }

  @Override
  public void counted(String id, int steps) throws IOException, InterruptedException {
    run(
        id,
        steps,
        i -> {
          ledger.count(id, i);
          return StepsWorkload.answer(i);
        });
  }

  @Override
  public boolean effect(String id) throws IOException, InterruptedException {
    run(
        id,
        1,
        i -> {
          ledger.pay(id, "no-key");
          return "paid";
        });
    return false;
  }

  @Override
  public void close() {
    // Each file was closed by its run.
  }
}
