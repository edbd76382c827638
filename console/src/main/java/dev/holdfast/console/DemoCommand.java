package dev.holdfast.console;

import dev.holdfast.agents.HostedModel;
import dev.holdfast.examples.OrderDeskProcess;
import dev.holdfast.journal.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Shows in less than a minute what a kill does to an agent, and what it does to one on Holdfast.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Watch an agent survive kill -9, beside one that does not.")
final class DemoCommand implements Callable<Integer> {
  private static final String ORDER = "4711";
  private static final int KILLS_MIN = 12;

  @Option(
      names = "--store",
      paramLabel = "FILE",
      description = "A store to make (default: one in a new temporary directory).")
  private @Nullable Path given;

  @Option(names = "--model", description = "A real model, by its name, instead of the script.")
  private String model = "";

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description = "Any server that speaks OpenAI's protocol (default: OpenAI's own).")
  private String baseUrl = "";

  @Option(names = "--json", description = "Print JSON for machines; the story goes to stderr.")
  private boolean json;

  private final Shell shell;

  DemoCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    checkModel();
    long start = System.nanoTime();
    Path directory = directory();
    Path store = store(directory);
    var terminal = shell.terminal();
    var narrator = new Narrator(json ? terminal.err() : terminal.out(), terminal.paint());
    introduce(narrator);
    List<Count> naive = new NaiveAct(narrator, directory.resolve("naive-stock.db")).play(ORDER);
    var run = new RunId(OrderDeskProcess.runOf(ORDER));
    try (DemoWorld world = DemoWorld.open(directory.resolve("stock.db"))) {
      var doubts = new DoubtScene(narrator, shell.person(), world, store, run);
      var act = new DurableAct(narrator, world, store, doubts);
      act.play(ORDER, model.isEmpty() ? List.of() : List.of(model, baseUrl));
      List<Count> counts = Count.of(world.ledger());
      new LookBack(narrator, store, run).show(counts);
      var time = Duration.ofNanos(System.nanoTime() - start).minus(doubts.waited());
      var result =
          new DemoResult(naive, counts, act.kills(), doubts.settled(), world.ledger(), time);
      return conclude(narrator, store, result);
    }
  }

  private void checkModel() {
    if (model.isEmpty() && !baseUrl.isEmpty()) {
      throw new Complaint("--base-url needs --model: name the model that the server is to use.");
    }
    if (!model.isEmpty()) {
      HostedModel named = HostedModel.openAi(model);
      try {
        (baseUrl.isEmpty() ? named : named.baseUrl(baseUrl)).build();
      } catch (IllegalStateException noKey) {
        throw new Complaint(String.valueOf(noKey.getMessage()));
      }
    }
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory("holdfast-demo");
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private Path store(Path directory) {
    if (given == null) {
      return directory.resolve("demo.db");
    }
    if (given.toString().startsWith("jdbc:")) {
      throw new Complaint("The demo makes a store of its own in a file. Name a file with --store.");
    }
    Path store = shell.directory().resolve(given);
    if (Files.exists(store)) {
      throw new Complaint(
          "The demo makes a store of its own and %s exists. Name a file that does not."
              .formatted(store));
    }
    return store;
  }

  private static void introduce(Narrator narrator) {
    narrator.line(narrator.paint().strong("An order desk under kill -9"));
    narrator.line(
        "An agent looks an order up, refunds it, books the stock, writes to the customer and"
            + " sends");
    narrator.line(
        "the courier. The shop, the bank, the mailbox and the courier are another process, which");
    narrator.line("counts what really reaches it. Every kill is a real SIGKILL of a JVM.");
  }

  private int conclude(Narrator narrator, Path store, DemoResult result) {
    if (json) {
      shell.terminal().line(result.json(store).toString());
    }
    narrator.line("");
    narrator.line(result.line(narrator.paint()));
    return result.isRight(model.isEmpty() ? KILLS_MIN : 0) ? 0 : 1;
  }
}
