package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.json.RunFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is done with the data of runs that have ended, beside whoever executes the store: erased,
 * archived, purged. Safe for many threads.
 *
 * <p>Everything is done in short transactions, so that writers wait for none of it for long, and
 * what was interrupted is finished by asking for it again. What this refuses it says by an {@link
 * IllegalStateException} that names the runs and what helps; a store that cannot be used by a
 * {@link dev.holdfast.journal.StoreFailed}.
 */
public final class Retention implements AutoCloseable {
  private static final int FILE_RUNS_MAX = 1_000;
  private final RetentionTables tables;

  /** Over tables that are closed with this. */
  Retention(RetentionTables tables) {
    this.tables = tables;
  }

  static Retention of(Path file, Optional<Encryption> encryption) {
    return new Retention(RetentionTables.of(StoreFile.existing(file), encryption));
  }

  static Retention of(PostgresConnections connections, Optional<Encryption> encryption) {
    return new Retention(RetentionTables.of(connections, encryption));
  }

  /**
   * Erases the data of every run of a subject ({@link dev.holdfast.kernel.Admission#subject}): its
   * key is destroyed and its values are overwritten; steps, times and ends remain, and the id stays
   * taken. Facts of the ledger keep a digest of their name and answer that they happened.
   *
   * @param who who asks for it, for the audit
   * @param why for what reason
   * @return how many runs; 0 where the subject has none, or none any more
   * @throws IllegalStateException where a run of it has not ended, was started by one that has not,
   *     or holds a fact that is open; no run was erased
   */
  public int eraseSubject(String subject, String who, String why) {
    String kept = tables.vault().closeSubject(subject);
    List<RunId> runs =
        tables.inTransaction(within ->
            within.select(
                "SELECT id FROM @run WHERE subject = ? ORDER BY number",
                row -> new RunId(row.getString(1)),
                kept));
    erase(runs, who, why);
    return runs.size();
  }

  /**
   * Erases the data of one run; see {@link #eraseSubject}.
   *
   * @throws IllegalStateException where there is none, it has not ended, or it holds an open fact
   */
  public void eraseRun(String id, String who, String why) {
    erase(List.of(new RunId(id)), who, why);
  }

  private void erase(List<RunId> runs, String who, String why) {
    var erasure = new Erasure(tables, who, why);
    var refusals = new ArrayList<String>();
    runs.forEach(run -> erasure.refusal(run).ifPresent(refusals::add));
    if (!refusals.isEmpty()) {
      throw new IllegalStateException(Erasure.refused(refusals));
    }
    runs.forEach(erasure::erase);
    tables.sweep();
  }

  /**
   * Purges runs that ended before that time: only their ids remain, which stay taken. The ledger
   * keeps its rows; a run that holds an open fact is left out, and one that a run started which has
   * not ended.
   *
   * @return how many
   */
  public int purge(Instant endedBefore) {
    var purge = new Purge(tables);
    purge.finish();
    int purged = 0;
    long after = 0;
    List<Purge.Ended> some = purge.ended(endedBefore, after, FILE_RUNS_MAX);
    while (!some.isEmpty()) {
      purged += purge.purge(some);
      after = some.get(some.size() - 1).number();
      some = purge.ended(endedBefore, after, FILE_RUNS_MAX);
    }
    tables.sweep();
    return purged;
  }

  /**
   * What was archived.
   *
   * @param files each holds up to 1,000 runs as compressed lines of JSON, not encrypted
   * @param runs how many
   */
  public record Archived(List<Path> files, int runs) {
    /** Copies the list. */
    public Archived {
      files = List.copyOf(files);
    }
  }

  /**
   * Writes runs that ended before that time into new files of a folder, and purges them as {@link
   * #purge} does, each file's once it was flushed to the disk, read back and compared.
   *
   * @param folder one that exists
   * @throws dev.holdfast.journal.StoreFailed where a file cannot be written or read back; what it
   *     was to hold is still in the store
   */
  public Archived archive(Path folder, Instant endedBefore) {
    var purge = new Purge(tables);
    var export = new Export(tables);
    purge.finish();
    var files = new ArrayList<Path>();
    int archived = 0;
    long after = 0;
    List<Purge.Ended> some = purge.ended(endedBefore, after, FILE_RUNS_MAX);
    while (!some.isEmpty()) {
      after = some.get(some.size() - 1).number();
      var archive = new RunArchive(folder.resolve(fileName(after)));
      List<RunId> ids = some.stream().map(Purge.Ended::id).toList();
      archive.write(export, ids);
      archive.verify(export, ids);
      files.add(archive.file());
      archived += purge.purge(some);
      some = purge.ended(endedBefore, after, FILE_RUNS_MAX);
    }
    tables.sweep();
    return new Archived(files, archived);
  }

  private static String fileName(long last) {
    return "runs-%s-%d.jsonl.gz"
        .formatted(Instant.now().toString().replace(":", "").replace(".", ""), last);
  }

  /**
   * All that the store knows of a run, as it stands at one moment: {@link #importRuns} takes what
   * it writes.
   *
   * @return empty where there is no such run, or none any more
   */
  public Optional<RunFile> export(String id) {
    return new Export(tables).of(new RunId(id));
  }

  /**
   * What was imported.
   *
   * @param runs the ids of those that were not there
   * @param known the ids of those that were there already, with all that the file tells of them
   */
  public record Imported(List<String> runs, List<String> known) {
    /** Copies the lists. */
    public Imported {
      runs = List.copyOf(runs);
      known = List.copyOf(known);
    }
  }

  /**
   * Takes the runs of an exported or archived file into this store, each in one transaction. What
   * had not ended comes in as quarantined, since nobody here knows what it did elsewhere since.
   *
   * @param file lines of JSON, compressed where its name ends in {@code .gz}
   * @throws IllegalStateException where one of the ids is or was another run's in this store;
   *     nothing was imported
   * @throws dev.holdfast.journal.StoreFailed where the file cannot be read, is cut or is too new;
   *     nothing was imported
   */
  public Imported importRuns(Path file) {
    var archive = new RunArchive(file);
    var intake = new Intake(tables);
    var taken = new ArrayList<RunId>();
    archive.each(run -> {
      if (intake.place(run) == Intake.Place.TAKEN) {
        taken.add(run.run().id());
      }
    });
    if (!taken.isEmpty()) {
      throw new IllegalStateException(Intake.taken(taken));
    }
    var imported = new ArrayList<String>();
    var known = new ArrayList<String>();
    archive.each(run -> (intake.take(run) ? imported : known).add(run.run().id().text()));
    return new Imported(imported, known);
  }

  /**
   * The keys of the store and of its runs, by the name of the key that they are wrapped by.
   *
   * @return empty where the store is not encrypted
   */
  public Map<String, Integer> keys() {
    return rotation().map(KeyRotation::census).orElse(Map.of());
  }

  /**
   * Wraps the keys of the store and of its runs by the current key, some hundred in a transaction;
   * then every other key may be taken away, unless an application goes on that wraps by it. What
   * they encrypt is not touched.
   *
   * @return how many were wrapped by another key
   * @throws IllegalStateException where the store is not encrypted
   */
  public int rotateKeys() {
    KeyRotation rotation =
        rotation()
            .orElseThrow(() ->
                new IllegalStateException(
                    "The store %s is not encrypted: it has no keys to wrap. A store is encrypted when it is made."
                        .formatted(tables.location())));
    int wrapped = rotation.rotate();
    tables.sweep();
    return wrapped;
  }

  private Optional<KeyRotation> rotation() {
    return switch (tables.vault()) {
      case PlainVault plain -> Optional.empty();
      case KeyVault keyed -> Optional.of(new KeyRotation(tables, keyed.encryption()));
    };
  }

  @Override
  public void close() {
    tables.close();
  }
}
