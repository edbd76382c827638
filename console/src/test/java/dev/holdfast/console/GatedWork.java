package dev.holdfast.console;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Workflows;
import dev.holdfast.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** A workflow whose first step waits until its folder, the input, holds the file {@code go}. */
public final class GatedWork implements Workflows {
  static final Workflow<String, String> WORKFLOW =
      Workflow.of("gated", String.class, String.class)
          .body((run, folder) -> {
            run.effect("first", folder, Effect.read(String.class, GatedWork::first));
            return run.effect("second", folder, Effect.read(String.class, in -> "done"));
          });
  private static final Duration GATE_MAX = Duration.ofSeconds(25);

  @Override
  public void register(Holdfast holdfast) {
    holdfast.register(WORKFLOW);
  }

  private static String first(String folder) throws IOException, InterruptedException {
    Files.writeString(
        Path.of(folder, "begun"), "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    long deadline = System.nanoTime() + GATE_MAX.toNanos();
    while (!Files.exists(Path.of(folder, "go"))) {
      if (System.nanoTime() > deadline) {
        throw new IOException("nobody opened the gate");
      }
      Thread.sleep(20);
    }
    return "through";
  }

  /** The command line as a process that ends with the test. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      ChildJvm.endWithParent();
      Main.main(arguments);
    }
  }
}
