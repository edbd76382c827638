package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.store.StoreAddress;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a store in a database. */
class DatabaseTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String SECRET = "sesame";

  @TempDir private Path directory;
  private final String url = DatabaseServer.newUrl();

  @Test
  void looksAndAnswersBesideNobodyAndBesideAWorker() throws Exception {
    makeAStore();
    assertThat(run("runs").out())
        .containsPattern("pickup-good +pickup 1 +COMPLETED")
        .containsPattern("pickup-doubt +pickup 1 +IN_DOUBT");
    assertThat(run("show", "pickup-doubt").out())
        .contains("holdfast resolve pickup-doubt", "--store '" + url);
    assertThat(run("inbox").out()).contains("pickup-doubt", "pickup-broken");
    Invocation settled =
        run("resolve", "pickup-doubt", "book-pickup", "--happened", "\"P-9\"", "--why", "called");
    assertThat(settled.out()).contains("applied when an application opens this store");
    try (StoreAddress store = address();
        Holdfast holdfast = store.open(Options.standard())) {
      holdfast.register(Pickups.workflow());
      assertThat(holdfast.find("pickup-doubt", String.class).await(PATIENCE))
          .isEqualTo(new Outcome.Completed<>("P-9"));
      Invocation resumed = run("resume", "pickup-broken", "--why", "moved house");
      assertThat(resumed.out()).contains("Applied by the application");
      assertThat(run("doctor").out()).contains("executed by    worker ", "lease until");
    }
    assertThat(run("doctor").out()).contains("nobody at the moment");
  }

  @Test
  void tellsOfServerSettingsWorkersClockAndAnnouncements() throws Exception {
    makeAStore();
    DatabaseServer.change(
        url,
        "INSERT INTO holdfast.worker (name, lease_until, batch)"
            + " VALUES ('left-behind', clock_timestamp() - interval '1 minute', 0)");
    Invocation doctor = run("doctor");
    assertThat(doctor.code()).isZero();
    assertThat(doctor.out())
        .contains("store          " + DatabaseServer.withoutUser(url) + "\n")
        .contains("server         PostgreSQL 14", "synchronous_commit = on", "fsync = on")
        .contains("announcements  arrive", "left-behind: 0 runs, lease ran out at")
        .containsPattern("clock +this machine's is \\d+ ms (ahead of|behind) the database's");
    JsonNode json = Json.parsed(run("doctor", "--json").out());
    assertThat(json.get("hears_announcements").asBoolean()).isTrue();
    assertThat(Math.abs(json.get("clock_ahead_ms").asLong())).isLessThan(1_000);
    assertThat(json.get("settings").get("fsync").asText()).isEqualTo("on");
    assertThat(json.get("runs").get("COMPLETED").asInt()).isEqualTo(1);
    assertThat(json.get("workers").get(0).get("is_alive").asBoolean()).isFalse();
  }

  @Test
  void tellsWhatMakesTheServerUnsafe() throws Exception {
    makeAStore();
    String name = DatabaseServer.withoutUser(url).replaceAll(".*/", "");
    DatabaseServer.change(url, "ALTER DATABASE %s SET synchronous_commit = off".formatted(name));
    assertThat(run("doctor").out())
        .contains("synchronous_commit = off", "cannot be used safely at durability POWER_LOSS");
  }

  @Test
  void namesAMissingStoreAndANewerOne() throws Exception {
    refused(
        run("runs"),
        "There is no store in %s. Connect to it in the application first."
            .formatted(DatabaseServer.withoutUser(url)));
    makeAStore();
    DatabaseServer.change(url, "UPDATE holdfast.meta SET value = 99 WHERE name = 'readable_from'");
    for (String command : new String[] {"runs", "doctor"}) {
      refused(
          run(command),
          ("The store %s was made by a newer Holdfast: its tables need schema version 99, known"
                  + " here is ")
              .formatted(DatabaseServer.withoutUser(url)));
    }
  }

  @Test
  void letsThePasswordComeFromTheEnvironmentAndNamesAWrongOne() throws Exception {
    makeAStore();
    String bare = DatabaseServer.withoutUser(url);
    var environment =
        Map.of("PGUSER", DatabaseServer.GUARDED_USER, "PGPASSWORD", DatabaseServer.PASSWORD);
    Invocation runs = Invocation.of(directory, environment, "runs", "--store", bare);
    assertThat(runs.out()).contains("pickup-good");
    Invocation refused =
        Invocation.of(
            directory,
            Map.of("PGUSER", DatabaseServer.GUARDED_USER, "PGPASSWORD", SECRET),
            "runs",
            "--store",
            bare);
    refused(
        refused,
        ("The server does not let the user guarded into %s (28P01: FATAL: password authentication"
                + " failed for user \"guarded\"). Set PGUSER and PGPASSWORD, or write the password"
                + " into ~/.pgpass.")
            .formatted(bare));
  }

  @Test
  void showsNoPasswordWhereItTellsWhatToType() throws Exception {
    makeAStore();
    String secret = url + "&password=" + SECRET;
    for (String[] command : new String[][] {{"show", "pickup-doubt"}, {"inbox"}, {"doctor"}}) {
      Invocation told = invoke(secret, command);
      assertThat(told.code()).isZero();
      assertThat(told.out() + told.err()).contains("--store '" + url).doesNotContain(SECRET);
    }
  }

  @Test
  void namesAServerThatIsAwayAndADatabaseThatIsNone() throws Exception {
    String away = "jdbc:postgresql://localhost:%d/db".formatted(freePort());
    refused(
        invoke(away + "?password=" + SECRET, "runs"),
        "The server of %s cannot be reached (08001: Connection to localhost:".formatted(away));
    String none = DatabaseServer.withoutUser(url) + "x";
    refused(
        invoke(none + "?user=postgres", "runs"),
        "There is no such database: %s?user=postgres (3D000: FATAL: database".formatted(none));
  }

  @Test
  void refusesUrlsThatCannotBeMeant() {
    String example = " Write it like jdbc:postgresql://host:5432/database.";
    refused(
        invoke("jdbc:mysql://h/db?password=" + SECRET, "runs"),
        "The URL jdbc:mysql://h/db cannot be used: it is no JDBC URL of PostgreSQL." + example);
    refused(
        invoke("postgres://joe:" + SECRET + "@h/db", "doctor"),
        "The URL postgres://h/db cannot be used: it is no JDBC URL of PostgreSQL." + example);
    refused(
        invoke("jdbc:postgresql://joe:" + SECRET + "@h/db", "inbox"),
        "The URL jdbc:postgresql://h/db cannot be used: a user before the host is not understood;"
            + " set PGUSER and PGPASSWORD."
            + example);
    refused(invoke("jdbc:postgresql://h/db", "demo"), "The demo makes a store of its own");
  }

  private void makeAStore() {
    try (StoreAddress store = address();
        Holdfast holdfast = store.open(Options.standard())) {
      Pickups.start(holdfast);
    }
  }

  private StoreAddress address() {
    return StoreAddress.parse(url, directory, Map.of());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Invocation run(String... arguments) {
    return invoke(url, arguments);
  }

  private Invocation invoke(String store, String... arguments) {
    return Invocation.of(directory, Map.of("HOLDFAST_STORE", store), with(store, arguments));
  }

  private static String[] with(String store, String... arguments) {
    var all = new java.util.ArrayList<>(java.util.List.of(arguments));
    all.addAll(java.util.List.of("--store", store));
    return all.toArray(String[]::new);
  }

  private static void refused(Invocation invocation, String message) {
    assertThat(invocation.err()).contains(message).doesNotContain(SECRET, "\tat ");
    assertThat(invocation.code()).isEqualTo(1);
  }
}
