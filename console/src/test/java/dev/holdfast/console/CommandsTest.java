package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @BeforeEach
  void makeTheStore() {
    Pickups.store(directory);
  }

  @Test
  void listsRunsWithTheirStatus() {
    Invocation runs = run("runs");
    assertThat(runs.code()).isZero();
    assertThat(runs.out())
        .containsPattern("pickup-good +pickup 1 +COMPLETED")
        .containsPattern("pickup-doubt +pickup 1 +IN_DOUBT")
        .containsPattern("pickup-broken +pickup 1 +QUARANTINED");
    assertThat(run("runs", "--status", "in_doubt").out())
        .contains("pickup-doubt")
        .doesNotContain("pickup-good");
    assertThat(run("runs", "--limit", "1").out().lines()).hasSize(2);
  }

  @Test
  void printsJsonForMachines() throws Exception {
    JsonNode runs = Json.parsed(run("runs", "--json").out());
    assertThat(runs).hasSize(3);
    JsonNode shown = Json.parsed(run("show", "pickup-doubt", "--json").out());
    assertThat(shown.get("status").asText()).isEqualTo("IN_DOUBT");
    assertThat(shown.get("steps").get(0).get("standing").asText()).isEqualTo("IN_DOUBT");
    JsonNode facts = Json.parsed(run("doctor", "--json").out());
    assertThat(facts.get("needs_somebody")).hasSize(2);
    assertThat(facts.get("runs").get("COMPLETED").asInt()).isEqualTo(1);
  }

  @Test
  void findsTheStoreByTheEnvironment() {
    Path elsewhere = directory.resolve("..");
    var environment = Map.of("HOLDFAST_STORE", directory.resolve("holdfast.db").toString());
    assertThat(Invocation.of(elsewhere, environment, "runs").out()).contains("pickup-good");
  }

  @Test
  void showsARunAndHowToHelpIt() {
    Invocation shown = run("show", "pickup-doubt");
    assertThat(shown.code()).isZero();
    assertThat(shown.out())
        .contains("run pickup-doubt", "IN DOUBT", Pickups.STEP)
        .contains("holdfast resolve pickup-doubt '" + Pickups.STEP + "' --did-not-happen");
    assertThat(run("show", "pickup-doubt", "--store", "holdfast.db").out())
        .contains("--did-not-happen --why WHY --store holdfast.db");
    assertThat(run("show", "pickup-broken").out())
        .contains("quarantined", "no such street", "holdfast resume pickup-broken");
    assertThat(run("show", "pickup-good", "--entries").out().lines())
        .allSatisfy(line -> assertThat(Json.parsed(line).has("entry")).isTrue())
        .hasSizeGreaterThan(2);
  }

  @Test
  void recordsASettlementThatTheNextApplicationApplies() {
    Invocation settled =
        run("resolve", "pickup-doubt", "book-pickup", "--happened", "\"P-9\"", "--why", "called");
    assertThat(settled.code()).isZero();
    assertThat(settled.out()).contains("applied when an application opens this store");
    assertThat(run("show", "pickup-doubt").out()).contains("not applied yet");
    try (var holdfast = Holdfast.open(directory.resolve("holdfast.db"))) {
      holdfast.register(Pickups.workflow());
      assertThat(holdfast.find("pickup-doubt", String.class).await(PATIENCE))
          .isEqualTo(new Outcome.Completed<>("P-9"));
    }
    assertThat(run("show", "pickup-doubt").out()).contains("settled by", "called");
  }

  @Test
  void worksBesideARunningApplication() {
    try (var holdfast = Holdfast.open(directory.resolve("holdfast.db"))) {
      holdfast.register(Pickups.workflow());
      Invocation settled =
          run("resolve", "pickup-doubt", Pickups.STEP, "--happened", "\"P-9\"", "--why", "called");
      assertThat(settled.out()).contains("Applied by the application");
      assertThat(holdfast.find("pickup-doubt", String.class).run(PATIENCE)).isEqualTo("P-9");
      assertThat(run("doctor").out()).contains("pid=" + ProcessHandle.current().pid());
      assertThat(run("runs").out()).containsPattern("pickup-doubt +pickup 1 +COMPLETED");
    }
    assertThat(run("doctor").out()).contains("nobody at the moment");
  }

  @Test
  void resumesAQuarantinedRun() {
    assertThat(run("resume", "pickup-broken", "--why", "moved house").code()).isZero();
    assertThat(run("show", "pickup-broken").out()).contains("says go on (moved house)");
  }

  @Test
  void tellsWhoIsWaitedFor() {
    Invocation doctor = run("doctor");
    assertThat(doctor.code()).isZero();
    assertThat(doctor.out())
        .contains("pickup-doubt is IN_DOUBT", "pickup-broken is QUARANTINED", "schema")
        .contains("holdfast resume pickup-broken --why WHY", "holdfast inbox");
  }

  @Test
  void checksAWholeStoreAndADamagedOne() throws IOException {
    Invocation whole = run("doctor", "--check");
    assertThat(whole.code()).isZero();
    assertThat(whole.out()).contains("Nothing is damaged: 3 runs can be read.");
    Path file = directory.resolve("holdfast.db");
    byte[] bytes = Files.readAllBytes(file);
    int body = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("\"inputDigest\"");
    bytes[body / 4_096 * 4_096] = 0x55;
    Files.write(file, bytes);
    Invocation damaged = run("doctor", "--check");
    assertThat(damaged.code()).isEqualTo(1);
    assertThat(damaged.out()).contains("Damaged: entry.", "pickup-", "restore a backup");
    JsonNode json = Json.parsed(run("doctor", "--check", "--json").out());
    assertThat(json.get("is_whole").asBoolean()).isFalse();
    assertThat(json.get("unreadable")).isNotEmpty();
  }

  private Invocation run(String... arguments) {
    return Invocation.of(directory, arguments);
  }
}
