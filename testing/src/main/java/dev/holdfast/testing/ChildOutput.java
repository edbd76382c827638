package dev.holdfast.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What a child process prints, read as it comes so that it never blocks on a full pipe. */
final class ChildOutput {
  private static final int LINES_MAX = 200;

  private final Process process;
  private final Thread reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<String> unread = new ArrayDeque<>();
  private final ArrayDeque<String> last = new ArrayDeque<>();
  private boolean ended;

  ChildOutput(Process process) {
    this.process = process;
    this.reader =
        Thread.ofPlatform().daemon().name("output-of-" + process.pid()).start(this::readAll);
  }

  /** The next line of that kind, which no later call returns again; empty where none comes. */
  Optional<String> awaitLine(Predicate<String> wanted, Duration deadline) {
    lock.lock();
    try {
      long left = deadline.toNanos();
      while (true) {
        while (!unread.isEmpty()) {
          String line = unread.remove();
          if (wanted.test(line)) {
            return Optional.of(line);
          }
        }
        if (ended) {
          return Optional.empty();
        }
        if (left <= 0) {
          throw failure("printed no line of the kind waited for within " + deadline);
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Interrupted while waiting for child process %d.".formatted(process.pid()), interrupted);
    } finally {
      lock.unlock();
    }
  }

  List<String> lines() {
    lock.lock();
    try {
      return List.copyOf(last);
    } finally {
      lock.unlock();
    }
  }

  IllegalStateException failure(String what) {
    return new IllegalStateException(
        "Child process %d %s. Its last lines:%n%s"
            .formatted(process.pid(), what, String.join(System.lineSeparator(), lines())));
  }

  private void readAll() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        keep(line);
      }
    } catch (IOException brokenPipe) {
      keep("(the output ends here: " + brokenPipe.getMessage() + ")");
    }
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void keep(String line) {
    lock.lock();
    try {
      unread.add(line);
      last.add(line);
      if (last.size() > LINES_MAX) {
        last.remove();
      }
      if (unread.size() > 100 * LINES_MAX) {
        unread.remove();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything that a process which has ended printed is read. */
  void awaitEnd() throws InterruptedException {
    reader.join(Duration.ofSeconds(5));
  }
}
