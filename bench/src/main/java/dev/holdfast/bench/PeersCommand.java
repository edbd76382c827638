package dev.holdfast.bench;

import dev.dbos.transact.DBOS;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Holdfast beside other systems on one machine, in turns. */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description =
        "Holdfast beside DBOS, Restate, LangGraph, a naive loop and bare writers: durable steps a"
            + " second (A), bytes on disk (B), recovery after kill -9 (C) and effects under kills"
            + " (E). Draws a picture.")
final class PeersCommand implements Callable<Integer> {
  private static final Set<PeerSystem> QUICK =
      EnumSet.of(PeerSystem.HOLDFAST_POSTGRES, PeerSystem.DBOS, PeerSystem.RAW);
  private static final int ROUNDS = 5;
  private static final int ROUNDS_QUICK = 3;
  private static final int TURNS = 400;
  private static final int RUNS_RECOVERED = 1_000;
  private static final int RUNS_KILLED = 500;
  private static final int KILLS = 20;
  private static final int KILLS_QUICK = 5;

  /** Set by the launcher: where the scripts for Node are, and where the picture goes. */
  private static final Path HOME = Path.of(System.getProperty("holdfast.bench", "bench"));

  private final Shell shell;

  @Option(
      names = "--quick",
      description =
          "under five minutes: A in three rounds, E with five kills;"
              + " holdfast_postgres, dbos and raw")
  private boolean isQuick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "rounds of A, 1 to 100; default 5, with --quick 3")
  private Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--url",
      paramLabel = "JDBC-URL",
      description = "a PostgreSQL server whose user may create databases; default one of its own")
  private Optional<String> url = Optional.empty();

  @Option(
      names = "--systems",
      paramLabel = "NAME",
      split = ",",
      description = "only these: ${COMPLETION-CANDIDATES}")
  private List<PeerSystem> chosen = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "where the picture goes; default bench/target/peers")
  private Optional<Path> out = Optional.empty();

  private final PeerResults results = new PeerResults();

  PeersCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    int roundCount = rounds.orElse(isQuick ? ROUNDS_QUICK : ROUNDS);
    if (roundCount < 1 || roundCount > 100) {
      throw new IllegalArgumentException("--rounds must be 1 to 100, is %d.".formatted(roundCount));
    }
    Set<PeerSystem> systems = systems();
    Optional<PeerNode> node = node(systems);
    if (node.isEmpty()) {
      systems.removeIf(system -> system.host() == PeerSystem.Host.NODE);
    }
    try (PeerStage stage = PeerStage.open(url, node)) {
      List<String> facts = facts(stage, node);
      facts.forEach(shell::say);
      play(new PeersCampaign(shell, stage, results, List.copyOf(systems)), roundCount);
      return report(facts);
    }
  }

  private void play(PeersCampaign campaign, int roundCount) throws IOException {
    campaign.steps(roundCount);
    if (isQuick) {
      campaign.effects(RUNS_KILLED, KILLS_QUICK);
    } else {
      campaign.history(TURNS);
      campaign.recovery(RUNS_RECOVERED);
      campaign.effects(RUNS_KILLED, KILLS);
      campaign.effectsOnce(RUNS_KILLED, KILLS);
    }
  }

  private Set<PeerSystem> systems() {
    if (!chosen.isEmpty()) {
      return EnumSet.copyOf(chosen);
    }
    return isQuick ? EnumSet.copyOf(QUICK) : EnumSet.allOf(PeerSystem.class);
  }

  /** Node with the packages, where a system needs it and it can be had. */
  private Optional<PeerNode> node(Set<PeerSystem> systems) throws IOException {
    if (systems.stream().noneMatch(system -> system.host() == PeerSystem.Host.NODE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(PeerNode.install(HOME.resolve("peers-js"), shell));
    } catch (PeerNode.Missing missing) {
      results.enterMissing(
          "Restate and LangGraph, which need Node 20 or newer and its packages: "
              + missing.getMessage());
      return Optional.empty();
    }
  }

  private static List<String> facts(PeerStage stage, Optional<PeerNode> node)
      throws IOException, SQLException {
    List<String> facts = new ArrayList<>(Machine.facts());
    facts.add("PostgreSQL: " + stage.server().facts());
    facts.add("DBOS Transact Java " + DBOS.version());
    if (node.isPresent()) {
      facts.addAll(node.get().facts());
    }
    return facts;
  }

  private int report(List<String> facts) throws IOException {
    var report = new PeersReport(results);
    report.lines().forEach(shell::say);
    Path folder = out.orElse(HOME.resolve("target").resolve("peers"));
    Files.createDirectories(folder);
    Path picture = folder.resolve("peers.svg");
    Files.writeString(picture, new PeersPicture(results, facts).svg());
    shell.say("Picture: " + picture.toAbsolutePath().normalize());
    List<String> broken = results.brokenLaws();
    broken.forEach(law -> shell.say("Law broken: " + law + "."));
    shell.out().println(report.figures().json());
    return broken.isEmpty() ? 0 : Main.EXIT_LAW_BROKEN;
  }
}
