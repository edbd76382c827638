package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A worker in a process of its own, made to be halted, killed, or asked to end. */
final class WorkerChild implements AutoCloseable {
  static final int STEPS = 6;
  private static final Duration STARTED_MAX = Duration.ofSeconds(60);
  private static final Duration LIFE_MAX = Duration.ofMinutes(3);

  private final ChildJvm child;

  private WorkerChild(ChildJvm child) {
    this.child = child;
  }

  /**
   * Starts one that executes errands.
   *
   * @param kind {@code once} or {@code keyed}: how the effects of its errands are declared
   * @param hold how long it stands still, told by a line, before each call of an effect
   */
  static WorkerChild start(
      String url,
      String name,
      Duration lease,
      Deeds deeds,
      String kind,
      Duration step,
      Duration hold) {
    var arguments = new ArrayList<String>(List.of(url, name));
    arguments.add(lease.toString());
    arguments.add(deeds.file().toString());
    arguments.add(kind);
    arguments.add(step.toString());
    arguments.add(hold.toString());
    var started = new WorkerChild(ChildJvm.start(WorkerChild.class, arguments));
    started.awaitLine("works");
    return started;
  }

  String awaitLine(String prefix) {
    return child.awaitLine(prefix, STARTED_MAX);
  }

  long pid() {
    return child.pid();
  }

  void kill() {
    child.kill();
  }

  /** Halts it where it is; nothing of it is told. */
  void halt() {
    signal(child.pid(), "STOP");
  }

  void goOn() {
    signal(child.pid(), "CONT");
  }

  /** Asks it to end in good order, and waits for that. */
  void terminate() {
    signal(child.pid(), "TERM");
    child.awaitEnd(STARTED_MAX);
  }

  static void signal(long pid, String signal) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -%s %d: %d".formatted(signal, pid, code));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    child.close();
  }

  public static void main(String[] arguments) throws InterruptedException {
    ChildJvm.endWithParent();
    Duration lease = Duration.parse(arguments[2]);
    var deeds = new Deeds(Path.of(arguments[3]));
    Duration step = Duration.parse(arguments[5]);
    Duration hold = Duration.parse(arguments[6]);
    Settings settings =
        Settings.standard()
            .worker(arguments[1])
            .limits(Limits.DEFAULT.poisonAfter(0))
            .faultPoints((boundary, run, path) -> stand(boundary, run, path, hold));
    Workflow<String, Integer> errand =
        arguments[4].equals("once")
            ? TestWorker.errand(deeds, STEPS, step)
            : TestWorker.keyedErrand(deeds, STEPS, step, arguments[1]);
    TestWorker worker = TestWorker.open(arguments[0], lease, settings);
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
    worker.engine().register(errand);
    System.out.println("works");
    Thread.sleep(LIFE_MAX);
  }

  private static void stand(Boundary boundary, RunId run, StepPath path, Duration hold) {
    if (boundary == Boundary.BEFORE_CALL && !hold.isZero()) {
      System.out.println("before " + run + " " + path);
      try {
        Thread.sleep(hold);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
