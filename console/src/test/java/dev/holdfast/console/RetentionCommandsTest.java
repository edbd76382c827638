package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copying, erasing and putting away runs from the command line. */
class RetentionCommandsTest {
  @TempDir private Path directory;

  @BeforeEach
  void makeAStore() {
    Pickups.store(directory);
  }

  private Invocation run(String... arguments) {
    return Invocation.of(directory, arguments);
  }

  private Invocation done(String... arguments) {
    Invocation done = run(arguments);
    assertThat(done.err()).isEmpty();
    assertThat(done.code()).isZero();
    return done;
  }

  @Test
  void aRunIsExportedErasedAndItsIdStaysTaken() {
    done("export", "pickup-good", "--to", "run.jsonl");
    assertThat(run("export", "pickup-good", "--to", "run.jsonl").err())
        .contains("There is a file run.jsonl already");

    assertThat(done("erase", "--run", "pickup-good", "--why", "asked").out())
        .contains("Erased the data of 1 run", "Backups and archives still hold it");

    assertThat(done("show", "pickup-good").out())
        .contains("erased by", "asked", "book-pickup")
        .doesNotContain("P-1");
    assertThat(run("import", "run.jsonl").err()).contains("pickup-good");
  }

  @Test
  void whatIsInDoubtIsNotErased() {
    Invocation refused = run("erase", "--run", "pickup-doubt", "--why", "asked");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("pickup-doubt");
    assertThat(done("show", "pickup-doubt").out()).contains("IN_DOUBT", "lost");
    assertThat(done("erase", "nobody", "--why", "asked").out())
        .contains("Nothing was erased: no run");
    assertThat(run("erase", "--why", "asked").err()).contains("either a SUBJECT or --run RUN");
  }

  @Test
  void runsThatEndedAreArchivedAndComeBackInAnotherStore() throws IOException {
    assertThat(run("archive", "none", "--older-than", "0d").err()).contains("There is no folder");
    Path archive = Files.createDirectory(directory.resolve("archive"));

    assertThat(done("archive", "archive", "--older-than", "0d").out()).contains("Archived 1 run");

    assertThat(done("runs").out()).contains("pickup-doubt").doesNotContain("pickup-good");
    try (Stream<Path> files = Files.list(archive)) {
      Path file = files.findFirst().orElseThrow();
      Path other = Files.createDirectory(directory.resolve("other"));
      Pickups.store(other);
      assertThat(Invocation.of(other, "import", file.toString()).err()).contains("pickup-good");
    }
    assertThat(done("purge", "--older-than", "0d").out()).contains("Purged 0 runs");
  }

  @Test
  void anImportIsRepeatedAndRefusesWhatItCannotRead() throws IOException {
    done("export", "pickup-doubt", "--to", "run.jsonl");
    Path store = directory.resolve("fresh.db");
    Holdfast.open(store).close();
    String fresh = "--store=" + store;

    assertThat(done("import", "run.jsonl", fresh).out())
        .contains("Imported 1 run; what had not ended is quarantined until somebody resumes it.");
    assertThat(done("import", "run.jsonl", fresh).out())
        .contains("Imported 0 runs", "Here already: 1 run.");
    assertThat(run("import", "none.jsonl", fresh).err())
        .contains("none.jsonl", "there is no such file")
        .doesNotContain("Exception");
    Path newer = directory.resolve("newer.jsonl");
    String text = Files.readString(directory.resolve("run.jsonl"));
    Files.writeString(newer, text.replace("\"format\":2", "\"format\":9"));
    assertThat(run("import", "newer.jsonl", fresh).err())
        .contains("is of format 9, and this version reads 1 to 2. Read it with a newer version.")
        .doesNotContain("again");
  }
}
