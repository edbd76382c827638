package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.json.RunFile;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever dies while he erases, purges, archives or imports, before any of his transactions, has
 * lost nothing and left nothing that is half readable: doing it again leads to what doing it once
 * does.
 */
class RetentionCutTest extends OnEveryStore {
  private static final Duration SOON = Duration.ofSeconds(30);
  private final Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
  private static final boolean IS_CAMPAIGN = Boolean.getBoolean("holdfast.campaigns");
  private static final String GRETA = "greta";
  private static final List<String> HERS = List.of("a-1", "a-2");
  private static final List<String> OTHERS = List.of("b-1", "waits");
  private static final List<String> DUMPS =
      List.of(
          "SELECT id, status, gone, subject, queue, session FROM run",
          "SELECT r.id, count(*) FROM run r JOIN entry e ON e.run = r.number GROUP BY r.id",
          "SELECT r.id, count(*) FROM run r JOIN payload p ON p.run = r.number GROUP BY r.id",
          "SELECT run, state, count(*) FROM fact GROUP BY run, state",
          "SELECT key, turn IS NULL, state IS NULL FROM session");

  private final Workflow<String, String> workflow =
      Workflow.of("pay", String.class, String.class)
          .version("1")
          .body((run, input) -> {
            for (int i = 0; i < 3; i++) {
              run.effect(
                  "pay",
                  i,
                  Effect.keyed(String.class, (key, number) -> (input + number).repeat(100))
                      .oncePer(Intent.Scope.GLOBAL, "payment", input, i));
            }
            run.handOn(input + " in state");
            return input.equals("waits")
                ? run.awaitSignal("go", String.class, SOON).orElse("")
                : input;
          });

  /** What is done to a store's data. */
  enum Deed {
    ERASE,
    PURGE,
    ARCHIVE,
    IMPORT
  }

  Optional<Encryption> keys() {
    return Optional.empty();
  }

  @Override
  TestStore made() {
    return kind.made(folder, keys());
  }

  private Path executed() throws IOException {
    Path file = folder.resolve("seed.jsonl");
    try (var holdfast = store.open()) {
      holdfast.register(workflow);
      for (String id : Stream.concat(HERS.stream(), OTHERS.stream()).toList()) {
        String subject = HERS.contains(id) ? GRETA : "nobody";
        String input = HERS.contains(id) ? id + GRETA : id;
        var admission = Admission.inSession("of " + id).subject(subject);
        holdfast.start(workflow, id, input, admission);
      }
      awaitRest();
    }
    try (var out = Files.newBufferedWriter(file);
        Retention retention = store.retention()) {
      for (String id : Stream.concat(HERS.stream(), OTHERS.stream()).toList()) {
        retention.export(id).orElseThrow().write(out);
      }
    }
    return file;
  }

  private void awaitRest() {
    try (JournalReader reader = store.reader()) {
      Awaitility.await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> reader.runs(Set.of(Status.READY, Status.EXECUTING), 0, 1).isEmpty());
    }
  }

  /** A store with all runs in it, or an empty one where they are to be imported. */
  private TestStore world(Deed deed, Path seed, int number) throws IOException {
    TestStore world = kind.made(Files.createDirectory(folder.resolve("w" + number)), keys());
    if (deed != Deed.IMPORT) {
      try (Retention retention = world.retention()) {
        retention.importRuns(seed);
      }
    }
    return world;
  }

  private void act(Deed deed, Retention retention, Path seed) throws IOException {
    switch (deed) {
      case ERASE -> retention.eraseSubject(GRETA, "anna", "asked for it");
      case PURGE -> retention.purge(tomorrow);
      case ARCHIVE -> retention.archive(archives(), tomorrow);
      case IMPORT -> retention.importRuns(seed);
    }
  }

  private Path archives() throws IOException {
    return Files.createDirectories(folder.resolve("archives"));
  }

  /** Whether it died before it was done. */
  private boolean isCutOff(Deed deed, TestStore world, Path seed, int transactions)
      throws IOException {
    try (var retention = new Retention(new Interrupted(world.retentionTables(), transactions))) {
      act(deed, retention, seed);
      return false;
    } catch (Interrupted.Died died) {
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource
  void doneAgainItIsAsIfItHadNeverBeenCutOff(Deed deed) throws Exception {
    Path seed = executed();
    List<String> done;
    try (TestStore world = world(deed, seed, 0)) {
      assertThat(isCutOff(deed, world, seed, Integer.MAX_VALUE)).isFalse();
      done = dump(world);
    }
    // The statements are the same on both kinds: on a server a part of the cuts is enough.
    int step = IS_CAMPAIGN || kind == TestStore.Kind.SQLITE ? 1 : 3;
    int cuts = 0;
    boolean isCutOff = true;
    while (isCutOff) {
      try (TestStore world = world(deed, seed, cuts + 1)) {
        List<String> before = told(world, OTHERS);
        isCutOff = isCutOff(deed, world, seed, cuts);
        assertWholeOrGone(world);
        if (deed == Deed.ERASE) {
          assertThat(told(world, OTHERS)).isEqualTo(before);
        }
        assertThat(isCutOff(deed, world, seed, Integer.MAX_VALUE)).isFalse();
        assertThat(dump(world)).as("after %d transactions", cuts).isEqualTo(done);
      }
      cuts += step;
    }
    assertThat(cuts).isGreaterThan(4);
    if (deed == Deed.ARCHIVE) {
      assertArchived();
    }
  }

  /** Nobody reads a run of which a part is erased and another is not. */
  private void assertWholeOrGone(TestStore world) {
    try (JournalReader reader = world.reader()) {
      for (String id : HERS) {
        List<Entry> entries =
            reader.entries(new RunId(id), 0, 1_000).stream().map(Recorded::entry).toList();
        boolean isErased =
            !entries.isEmpty()
                && entries.get(0) instanceof Entry.RunStarted started
                && started.input().equals(Payload.ERASED);
        assertThat(entries.toString().contains(GRETA)).isEqualTo(!isErased && !entries.isEmpty());
        assertThat(entries.toString().contains(Payload.ERASED.text())).isEqualTo(isErased);
      }
    }
  }

  /** Every run that was purged is in some file, and the files can all be imported. */
  private void assertArchived() throws IOException {
    try (Stream<Path> files = Files.list(archives());
        TestStore world = kind.made(Files.createDirectory(folder.resolve("taken")), keys());
        Retention retention = world.retention()) {
      files.sorted().forEach(retention::importRuns);
      assertThat(told(world, HERS)).hasSize(HERS.size()).doesNotContain("gone");
      assertThat(told(world, List.of("b-1"))).doesNotContain("gone");
    }
  }

  private static List<String> told(TestStore world, List<String> ids) {
    try (Retention retention = world.retention()) {
      return ids.stream()
          .map(id -> retention.export(id).map(RetentionCutTest::text).orElse("gone"))
          .toList();
    }
  }

  private static String text(RunFile file) {
    var text = new StringBuilder();
    try {
      file.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** What is in the store, but for the times at which it was done. */
  private List<String> dump(TestStore world) throws SQLException {
    var rows = new ArrayList<String>();
    try (Connection connection = world.connection();
        Statement statement = connection.createStatement()) {
      for (String query : DUMPS) {
        try (ResultSet row = statement.executeQuery(query)) {
          rows.addAll(sorted(row));
        }
      }
    }
    try (JournalReader reader = world.reader()) {
      for (String id : Stream.concat(HERS.stream(), OTHERS.stream()).toList()) {
        reader
            .entries(new RunId(id), 0, 1_000)
            .forEach(entry -> rows.add(id + " " + entry.sequence() + " " + entry.entry()));
      }
      for (Fact.State state : Fact.State.values()) {
        reader.facts(state, 100).stream().map(Fact::toString).sorted().forEach(rows::add);
      }
    }
    return rows;
  }

  private static Set<String> sorted(ResultSet row) throws SQLException {
    var rows = new TreeSet<String>();
    while (row.next()) {
      var text = new StringBuilder();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        // Keyed digests differ from store to store.
        boolean isSealed = row.getMetaData().getColumnName(i).equals("subject");
        text.append(isSealed ? row.getString(i) == null : row.getString(i)).append(' ');
      }
      rows.add(text.toString());
    }
    return rows;
  }
}
