package dev.holdfast.bench;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Effect;
import dev.holdfast.store.JdbcTransactions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sqlite.SQLiteDataSource;

/**
 * The outside world of effects of one contract: what happened to it, and which calls it saw begin
 * and end. Its files survive every process.
 */
record EffectsOutside(Contract contract, Path folder) {
  private static final int BUSY_MILLIS = 20_000;

  /** No call takes longer, so that a probe's "no" can soon be believed. */
  private static final Duration CALL_MAX = Duration.ofSeconds(5);

  private static final Duration SETTLE_AFTER = Duration.ofSeconds(1);
  private static final String PAID = "paid";

  /** What happened, one line for each time it did. */
  private Path happened() {
    return folder.resolve("happened.txt");
  }

  private Path calls() {
    return folder.resolve("calls.txt");
  }

  private SQLiteDataSource database() {
    var source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve("outside.db"));
    source.setBusyTimeout(BUSY_MILLIS);
    return source;
  }

  /** Makes what must be there before the first call. */
  void prepare() throws SQLException {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE happened (run TEXT NOT NULL)");
    }
    JdbcTransactions.over(database()).createTable();
  }

  /** The runs whose effect happened, each as often as it did. */
  List<String> runs() throws IOException, SQLException {
    if (contract != Contract.TRANSACTIONAL) {
      return PeerLedger.read(happened()).stream().map(PeerLedger.Line::run).toList();
    }
    List<String> runs = new ArrayList<>();
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT run FROM happened")) {
      while (rows.next()) {
        runs.add(rows.getString(1));
      }
    }
    return runs;
  }

  /** The runs whose call was seen to begin and not to end. */
  Set<String> cutShort() throws IOException {
    Set<String> open = new HashSet<>();
    for (PeerLedger.Line line : PeerLedger.read(calls())) {
      if (line.key().equals("0")) {
        open.add(line.run());
      } else {
        open.remove(line.run());
      }
    }
    return open;
  }

  /** Opens the target for a process; it is closed with the ledgers. */
  Target open() throws IOException {
    return new Target(this, new PeerLedger(happened()), new PeerLedger(calls()));
  }

  /** The target of the calls of one process. */
  record Target(EffectsOutside outside, PeerLedger happened, PeerLedger calls)
      implements AutoCloseable {
    Effect<String, String> effect() {
      Effect.KeyedBody<String, String> pay = (key, run) -> seen(run, () -> pay(run, key.text()));
      return switch (outside.contract) {
        case READ -> throw new IllegalArgumentException("A read has no effect.");
        case IDEMPOTENT -> Effect.idempotent(String.class, run -> payOnce(run, run));
        case KEYED -> Effect.keyed(String.class, (key, run) -> payOnce(run, key.text()));
        case TRANSACTIONAL ->
            Effect.<Connection, String, String>transactional(
                String.class, JdbcTransactions.over(outside.database()), EffectsOutside::insert);
        case VERIFIED ->
            Effect.<String, String>verified(String.class, pay, (key, run) -> probe(key.text()))
                .timeout(CALL_MAX)
                .settleAfter(SETTLE_AFTER);
        case ONCE -> Effect.once(String.class, pay);
      };
    }

    private String seen(String run, java.util.concurrent.Callable<String> call) throws Exception {
      calls.count(run, 0);
      String answer = call.call();
      calls.count(run, 1);
      return answer;
    }

    private String pay(String run, String key) throws IOException, InterruptedException {
      happened.pay(run, key);
      return PAID;
    }

    private String payOnce(String run, String key) throws IOException, InterruptedException {
      happened.payOnce(run, key);
      return PAID;
    }

    private Effect.Answer<String> probe(String key) throws IOException {
      boolean isThere =
          PeerLedger.read(outside.happened()).stream().anyMatch(line -> line.key().equals(key));
      return isThere ? new Effect.Answer.Happened<>(PAID) : new Effect.Answer.DidNotHappen<>();
    }

    @Override
    public void close() throws IOException {
      happened.close();
      calls.close();
    }
  }

  private static String insert(Connection connection, String run)
      throws SQLException, InterruptedException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO happened (run) VALUES (?)")) {
      insert.setString(1, run);
      insert.executeUpdate();
    }
    return PAID;
  }
}
