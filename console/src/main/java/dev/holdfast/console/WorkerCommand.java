package dev.holdfast.console;

import dev.holdfast.journal.spi.WorkflowKey;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Settings;
import dev.holdfast.store.Durability;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.store.StoreAddress;
import dev.holdfast.store.Workflows;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Executes the runs of a store with the workflows on its class path, until it is told to stop. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = {
      "Execute runs with the workflows on the class path.",
      "Any number of workers share a PostgreSQL database; one has a file. SIGTERM and Ctrl-C let"
          + " steps under way end and hand the runs over; a second signal ends at once."
    })
final class WorkerCommand extends StoreCommand {
  private static final Duration TELL_EVERY = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  @Option(
      names = "--class-path",
      defaultValue = "",
      paramLabel = "PATH",
      description =
          "Your jars and folders of classes, as java -cp takes them; else HOLDFAST_CLASS_PATH.")
  private String classPath = "";

  @Option(
      names = "--workflows",
      split = ",",
      paramLabel = "CLASS",
      description =
          "Classes that implement dev.holdfast.store.Workflows; else those that the jars name in"
              + " META-INF/services.")
  private List<String> classes = List.of();

  @Option(
      names = "--name",
      defaultValue = "",
      paramLabel = "NAME",
      description = "What it is called in journals (default: host and process id).")
  private String name = "";

  @Option(
      names = "--drain",
      defaultValue = "30s",
      paramLabel = "TIME",
      converter = Span.class,
      description =
          "How long steps under way may take once it is told to stop (default ${DEFAULT-VALUE}).")
  private Duration drain = Duration.ofSeconds(30);

  @Option(
      names = "--durability",
      defaultValue = "POWER_LOSS",
      description = "What confirmed writes survive: ${COMPLETION-CANDIDATES}.")
  private Durability durability = Durability.POWER_LOSS;

  WorkerCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    List<Workflows> found = Registrations.onClassPath(shell(), classPath).load(classes);
    String worker = name.isBlank() ? WorkerName.ofThisProcess() : name;
    var stopping = Stopping.onSignals();
    StoreAddress store = store();
    var settings = Settings.standard().worker(worker);
    try (Holdfast holdfast = store.open(new Options(durability, settings))) {
      Registrations.register(found, holdfast);
      Set<WorkflowKey> registered = holdfast.engine().registered();
      if (registered.isEmpty()) {
        throw new Complaint(
            "Nothing was registered by %s, so there is nothing to execute. Call register in it."
                .formatted(found.stream().map(each -> each.getClass().getName()).toList()));
      }
      tell(
          "worker %s of %s executes %s".formatted(worker, store, names(registered)),
          "ready",
          store);
      return execute(holdfast, stopping);
    }
  }

  private static String names(Set<WorkflowKey> registered) {
    return registered.stream()
        .map(key -> key.name() + " " + key.version())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private int execute(Holdfast holdfast, Stopping stopping) {
    boolean isWatched = Terminal.console().isPresent() && !isJson();
    Engine.Activity told = holdfast.engine().activity();
    long next = System.nanoTime() + TELL_EVERY.toNanos();
    while (!stopping.await(LOOK_EVERY)) {
      Engine.Activity now = holdfast.engine().activity();
      if (!now.isClaiming()) {
        throw new Complaint(
            "The worker lost its store for good and executes nothing more; the log above says why."
                + " Start it again once that is mended.");
      }
      if (isWatched && System.nanoTime() - next >= 0) {
        next += TELL_EVERY.toNanos();
        if (!now.equals(told)) {
          shell().terminal().line(counts(now));
          told = now;
        }
      }
    }
    return stop(holdfast, stopping);
  }

  private static String counts(Engine.Activity now) {
    return "executing %,d; claimed %,d and ended %,d since the start"
        .formatted(now.executing(), now.claimed(), now.ended());
  }

  private int stop(Holdfast holdfast, Stopping stopping) {
    tell(
        "stopping after the steps under way, within %s; a second signal ends at once"
            .formatted(Span.text(drain)),
        "stopping",
        store());
    stopping.endAtTheLatestAfter(drain);
    boolean inTime = holdfast.close(drain);
    if (!inTime) {
      throw new Complaint(
          "Steps under way took longer than %s and were interrupted; their runs were handed over"
                  .formatted(Span.text(drain))
              + " and recover them as after a crash. Give more time with --drain.");
    }
    tell(
        "stopped; its runs were handed over. " + counts(holdfast.engine().activity()),
        "stopped",
        store());
    return 0;
  }

  private void tell(String text, String event, StoreAddress store) {
    if (isJson()) {
      print(Json.object().put("event", event).put("store", store.toString()).put("text", text));
    } else {
      shell().terminal().line(text);
    }
  }
}
