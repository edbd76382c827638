package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.StoreAddress;
import dev.holdfast.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers as processes of their own, told to stop by signals. */
class WorkerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Shorter than a lease: what is waited for by it was handed over. */
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private final List<ChildJvm> workers = new ArrayList<>();

  @AfterEach
  void endAll() {
    workers.forEach(ChildJvm::close);
  }

  @Test
  void sigtermLetsTheStepEndAndHandsTheRunOverAtOnce() throws Exception {
    String url = DatabaseServer.newUrl();
    ChildJvm first = worker(url, "--name", "first");
    try (StoreAddress store = address(url);
        var client = store.client()) {
      var run = client.start(GatedWork.WORKFLOW, "run-1", folder.toString());
      awaitBegun(1);
      worker(url, "--name", "second");
      sendSigterm(first);
      first.awaitLine("stopping after the steps under way, within 30 s", PATIENCE);
      Files.writeString(folder.resolve("go"), "");
      assertThat(first.awaitEnd(PATIENCE)).isZero();
      assertThat(first.lines()).anyMatch(line -> line.startsWith("stopped; its runs were handed"));
      assertThat(run.await(AT_ONCE)).isEqualTo(new Outcome.Completed<>("done"));
    }
    assertThat(folder.resolve("begun")).hasContent("x");
    assertThat(claimers(url)).containsExactly("first", "second");
  }

  @Test
  void theSecondSignalEndsAtOnceAndCostsOneLease() throws Exception {
    String url = DatabaseServer.newUrl();
    ChildJvm first = worker(url, "--name", "first");
    try (StoreAddress store = address(url);
        var client = store.client()) {
      var run = client.start(GatedWork.WORKFLOW, "run-1", folder.toString());
      awaitBegun(1);
      worker(url, "--name", "second");
      sendSigterm(first);
      first.awaitLine("stopping", PATIENCE);
      sendSigterm(first);
      assertThat(first.awaitEnd(AT_ONCE)).isEqualTo(143);
      Files.writeString(folder.resolve("go"), "");
      assertThat(run.await(PATIENCE)).isEqualTo(new Outcome.Completed<>("done"));
    }
    assertThat(folder.resolve("begun")).hasContent("xx");
    assertThat(claimers(url)).containsExactly("first", "second");
  }

  @Test
  void aStepThatTakesTooLongIsInterruptedAndItsRunHandedOver() throws Exception {
    String url = DatabaseServer.newUrl();
    ChildJvm first = worker(url, "--name", "first", "--drain", "200ms");
    try (StoreAddress store = address(url);
        var client = store.client()) {
      var run = client.start(GatedWork.WORKFLOW, "run-1", folder.toString());
      awaitBegun(1);
      sendSigterm(first);
      assertThat(first.awaitEnd(PATIENCE)).isEqualTo(1);
      assertThat(String.join("\n", first.lines()))
          .contains("Steps under way took longer than 200 ms and were interrupted", "--drain");
      worker(url, "--name", "second");
      Files.writeString(folder.resolve("go"), "");
      assertThat(run.await(AT_ONCE)).isEqualTo(new Outcome.Completed<>("done"));
    }
  }

  @Test
  void oneWorkerExecutesAFile() throws Exception {
    String file = folder.resolve("store.db").toString();
    ChildJvm first = worker(file);
    ChildJvm second = process(file);
    assertThat(second.awaitEnd(PATIENCE)).isEqualTo(1);
    assertThat(String.join("\n", second.lines()))
        .contains("Another process executes the store", "pid=" + first.pid());
    Files.writeString(folder.resolve("go"), "");
    try (StoreAddress store = address(file);
        var client = store.client()) {
      var run = client.start(GatedWork.WORKFLOW, "run-1", folder.toString());
      assertThat(run.await(AT_ONCE)).isEqualTo(new Outcome.Completed<>("done"));
    }
    sendSigterm(first);
    assertThat(first.awaitEnd(PATIENCE)).isZero();
  }

  @Test
  void aPasswordIsNeverPrinted() {
    String url = DatabaseServer.newUrl();
    String given =
        "%s?user=%s&password=open%%20sesame%%20%%26%%20co"
            .formatted(DatabaseServer.withoutUser(url), DatabaseServer.GUARDED_USER);
    ChildJvm worker = worker(given);
    sendSigterm(worker);
    assertThat(worker.awaitEnd(PATIENCE)).isZero();
    assertThat(String.join("\n", worker.lines()))
        .contains(DatabaseServer.withoutUser(url))
        .doesNotContain("sesame");
  }

  private ChildJvm worker(String store, String... options) {
    ChildJvm worker = process(store, options);
    worker.awaitLine("worker ", PATIENCE);
    return worker;
  }

  private ChildJvm process(String store, String... options) {
    var arguments = new ArrayList<>(List.of("worker", "--store", store));
    arguments.addAll(List.of("--workflows", GatedWork.class.getName()));
    arguments.addAll(List.of(options));
    ChildJvm worker = ChildJvm.start(GatedWork.Child.class, arguments);
    workers.add(worker);
    return worker;
  }

  private static void sendSigterm(ChildJvm worker) {
    ProcessHandle.of(worker.pid()).orElseThrow().destroy();
  }

  private void awaitBegun(int times) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            Files.exists(folder.resolve("begun"))
                && Files.readString(folder.resolve("begun")).length() == times);
  }

  private static List<String> claimers(String url) {
    try (StoreAddress store = address(url);
        var reader = store.reader()) {
      return reader.entries(new RunId("run-1"), 0, 100).stream()
          .map(Recorded::entry)
          .filter(Entry.RunClaimed.class::isInstance)
          .map(entry -> ((Entry.RunClaimed) entry).worker())
          .toList();
    }
  }

  private static StoreAddress address(String store) {
    return StoreAddress.parse(store, Path.of(""), Map.of());
  }
}
