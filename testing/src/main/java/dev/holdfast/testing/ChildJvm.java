package dev.holdfast.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * A child process with this process's JDK, class path and flags, made to be killed.
 *
 * <p>{@link #kill} is a real {@code SIGKILL}: no shutdown hook runs, no buffer is flushed. Every
 * wait has a deadline, and {@link #close} ends the child whatever state it is in. Safe for use by
 * one thread.
 */
public final class ChildJvm implements AutoCloseable {
  /** The exit code of a child that ended itself because nobody was there any more to end it. */
  static final int EXIT_ABANDONED = 86;

  /** The same where its standard input did not end but broke. */
  private static final int EXIT_BROKEN_PIPE = 87;

  private static final AtomicBoolean ENDS_WITH_PARENT = new AtomicBoolean();
  private static final Duration ENDING_MAX = Duration.ofSeconds(10);

  private final Process process;
  private final ChildOutput output;
  private final Path scratch;

  private ChildJvm(Process process, Path scratch) {
    this.process = process;
    this.output = new ChildOutput(process);
    this.scratch = scratch;
  }

  /** Starts the class's {@code main} with those arguments. */
  public static ChildJvm start(Class<?> main, List<String> arguments) {
    return start(main, arguments, Optional.empty());
  }

  /** The same; where a kill point is given, the child stands still there. */
  public static ChildJvm start(Class<?> main, List<String> arguments, Optional<KillPoint> point) {
    try {
      Path scratch = Files.createTempDirectory("holdfast-child");
      var command = new ArrayList<String>(flags(scratch));
      point.ifPresent(at -> command.add("-D" + KillPoint.PROPERTY + "=" + at.text()));
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.add(main.getName());
      command.addAll(arguments);
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      return new ChildJvm(builder.start(), scratch);
    } catch (IOException cannotStart) {
      throw new UncheckedIOException(cannotStart);
    }
  }

  /** The scratch directory is the child's own: what is killed does not tidy up behind itself. */
  private static List<String> flags(Path scratch) {
    var flags = new ArrayList<String>();
    flags.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    flags.add("-XX:TieredStopAtLevel=1");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(ChildJvm::isInherited)
        .forEach(flags::add);
    flags.add("-Djava.io.tmpdir=" + scratch);
    return flags;
  }

  /** An agent or debugger of this process would write its report or open its port twice. */
  private static boolean isInherited(String flag) {
    return Stream.of("-agent", "-javaagent", "-Xrun", "-D" + KillPoint.PROPERTY)
        .noneMatch(flag::startsWith);
  }

  /** Ends this process as soon as its standard input does, which is when its parent has ended. */
  public static void endWithParent() {
    if (ENDS_WITH_PARENT.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("end-with-parent").start(ChildJvm::readToTheEnd);
    }
  }

  private static void readToTheEnd() {
    int code = EXIT_ABANDONED;
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException brokenPipe) {
      code = EXIT_BROKEN_PIPE;
    }
    Runtime.getRuntime().halt(code);
  }

  /** The child's process id. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits until the child stands at its kill point; empty where it ended without getting there.
   *
   * @throws IllegalStateException with the child's last lines where neither happens in time
   */
  public Optional<KillPoint.Arrival> awaitArrival(Duration deadline) {
    return output
        .awaitLine(line -> KillPoint.Arrival.read(line).isPresent(), deadline)
        .flatMap(KillPoint.Arrival::read);
  }

  /**
   * Waits for a line that begins so, and returns what follows.
   *
   * @throws IllegalStateException with the child's last lines where it ends, or is silent too long
   */
  public String awaitLine(String prefix, Duration deadline) {
    return output
        .awaitLine(line -> line.startsWith(prefix), deadline)
        .orElseThrow(
            () -> output.failure("ended without printing a line that begins '" + prefix + "'"))
        .substring(prefix.length());
  }

  /** Sends {@code SIGKILL} and waits until the child is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(ENDING_MAX);
  }

  /**
   * Waits for the child's own end and returns its exit code.
   *
   * @throws IllegalStateException with the child's last lines where it goes on longer than that
   */
  public int awaitEnd(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw output.failure("has not ended after " + deadline);
      }
      output.awaitEnd();
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Interrupted while waiting for child process %d to end.".formatted(pid()), interrupted);
    }
  }

  /** The last lines that the child printed, on either stream, oldest first; at most 200. */
  public List<String> lines() {
    return output.lines();
  }

  /** Kills the child if it still runs, and removes its temporary files. */
  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException undeletable) {
      throw new UncheckedIOException(undeletable);
    }
  }
}
