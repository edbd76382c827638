package dev.holdfast.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The process that one of the systems on the JVM runs in; does what its standard input says. */
final class PeerChild {
  private static final int CONNECTIONS = 64;

  private PeerChild() {}

  /**
   * A life of a system.
   *
   * @param arguments system, folder, JDBC URL, ledger's file, whether the outside honours keys
   */
  public static void main(String[] arguments) throws Exception {
    var ledger = new PeerLedger(Path.of(arguments[3]));
    PeerSystem system = PeerSystem.valueOf(arguments[0]);
    boolean isKeyed = Boolean.parseBoolean(arguments[4]);
    try (ledger;
        Peer peer = open(system, Path.of(arguments[1]), arguments[2], ledger, isKeyed)) {
      answer("ready=1");
      serve(peer);
    }
    answer("ended=1");
    // A library's own threads must not keep the process alive.
    System.exit(0);
  }

  private static Peer open(
      PeerSystem system, Path folder, String url, PeerLedger ledger, boolean isKeyed)
      throws IOException, SQLException {
    return switch (system) {
      case HOLDFAST_SQLITE ->
          new HoldfastPeer(OpenStore.open(folder.resolve(HoldfastPeer.FILE)), ledger, isKeyed);
      case HOLDFAST_POSTGRES -> new HoldfastPeer(OpenStore.connect(pool(url)), ledger, isKeyed);
      case DBOS -> new DbosPeer(pool(url), ledger);
      case NAIVE -> new NaivePeer(folder, ledger);
      case RAW -> new RawPeer(folder, ledger);
      case RAW_POSTGRES -> new RawPostgres(pool(url), ledger);
      case RESTATE, LANGGRAPH_SQLITE, LANGGRAPH_POSTGRES ->
          throw new IllegalArgumentException(system + " does not run on the JVM here.");
    };
  }

  private static HikariDataSource pool(String url) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(CONNECTIONS);
    return new HikariDataSource(config);
  }

  private static void serve(Peer peer) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<String> words = List.of(line.split(" ", -1));
      if (words.getFirst().equals("end")) {
        return;
      }
      answer(obey(peer, words));
    }
    Runtime.getRuntime().halt(1);
  }

  private static String obey(Peer peer, List<String> words) throws Exception {
    return switch (words.getFirst()) {
      case "steps" -> steps(peer, number(words, 1), number(words, 2));
      case "turns" -> {
        peer.turns(number(words, 1));
        yield "turns=" + words.get(1);
      }
      case "counted" -> counted(peer, number(words, 1), number(words, 2));
      case "effects" -> effects(peer, number(words, 1), number(words, 2));
      default -> throw new IllegalArgumentException("No such order: " + words);
    };
  }

  private static int number(List<String> words, int index) {
    return Integer.parseInt(words.get(index));
  }

  private static String steps(Peer peer, int millis, int batch) throws Exception {
    StepsWorkload.Measured measured = peer.steps(Duration.ofMillis(millis), batch);
    return "steps_s=%s batch=%s unfinished=%d"
        .formatted(measured.stepsPerSecond(), measured.batch(), measured.unfinished());
  }

  private static String counted(Peer peer, int runs, int steps) throws Exception {
    PeerClients.all(runs, runs, run -> peer.counted("counted-" + run, steps));
    return "runs=" + runs;
  }

  private static String effects(Peer peer, int runs, int atOnce) throws Exception {
    Set<String> doubts = ConcurrentHashMap.newKeySet();
    PeerClients.all(
        runs,
        atOnce,
        run -> {
          String id = "effect-" + run;
          if (peer.effect(id)) {
            doubts.add(PeerEffects.DOUBT + id + "=1");
          }
        });
    return "runs=%d %s".formatted(runs, String.join(" ", doubts)).strip();
  }

  private static void answer(String facts) {
    System.out.println(PeerProcess.ANSWER + facts);
    System.out.flush();
  }
}
