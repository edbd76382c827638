package dev.holdfast.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One life of a compared system: obeys orders, one line each, and is made to be killed; for one
 * thread.
 */
final class PeerProcess implements AutoCloseable {
  /** How a line of a system begins that answers an order; all others are its log. */
  static final String ANSWER = "peer: ";

  private static final Duration STARTING_MAX = Duration.ofMinutes(1);
  private static final Duration ENDING_MAX = Duration.ofSeconds(30);
  private static final int LINES_MAX = 40;

  private final String name;
  private final Process process;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Deque<String> log = new ArrayDeque<>();
  private final Thread listener;

  private PeerProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    listener = Thread.ofVirtual().name("listen-" + name).start(this::listen);
  }

  /** Starts that command and waits until it says that the system is open. */
  static PeerProcess start(String name, List<String> command, Path folder) throws IOException {
    Files.createDirectories(folder);
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    var started = new PeerProcess(name, builder.start());
    try {
      started.await("open", STARTING_MAX);
      return started;
    } catch (RuntimeException silent) {
      started.close();
      throw silent;
    }
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ANSWER)) {
          answers.add(line.substring(ANSWER.length()));
        } else {
          keep(line);
        }
      }
    } catch (IOException killed) {
      keep(killed.toString());
    }
    answers.add("");
  }

  private void keep(String line) {
    synchronized (log) {
      log.add(line);
      if (log.size() > LINES_MAX) {
        log.remove();
      }
    }
  }

  /** Gives an order without waiting for its answer. */
  void order(String line) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
  }

  /** Gives an order and waits for its answer. */
  Map<String, Double> ask(String line, Duration atMost) throws IOException {
    order(line);
    return await(line, atMost);
  }

  /**
   * Waits for the answer to that order.
   *
   * @throws IllegalStateException with the last lines of the system's log where none comes
   */
  Map<String, Double> await(String order, Duration atMost) {
    try {
      String answer = answers.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null || answer.isEmpty()) {
        throw new IllegalStateException(
            "%s %s after '%s'. Its last lines:%n%s"
                .formatted(
                    name, answer == null ? "was silent for " + atMost : "ended", order, lines()));
      }
      return parse(answer);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + name, interrupted);
    }
  }

  private String lines() {
    synchronized (log) {
      return String.join(System.lineSeparator(), log);
    }
  }

  static Map<String, Double> parse(String answer) {
    Map<String, Double> facts = new HashMap<>();
    for (String word : answer.split(" ", -1)) {
      int equals = word.indexOf('=');
      facts.put(word.substring(0, equals), Double.valueOf(word.substring(equals + 1)));
    }
    return Map.copyOf(facts);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Lets the system end in good order. */
  void end() throws IOException {
    ask("end", ENDING_MAX);
    awaitEnd();
  }

  /** Sends {@code SIGKILL} and waits until the process is gone. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(ENDING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(name + " has not ended. Its last lines:\n" + lines());
      }
      listener.join(ENDING_MAX);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while " + name + " ended", interrupted);
    }
  }

  /** Kills the process if it still runs. */
  @Override
  public void close() {
    kill();
  }
}
