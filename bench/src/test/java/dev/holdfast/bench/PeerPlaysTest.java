package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each system really executes each workload, small, in a process of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeerPlaysTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int TURNS = 20;

  private PeerStage stage;
  private String missing = "";

  @BeforeAll
  void open() throws Exception {
    stage = PeerStage.open(Optional.empty(), node());
  }

  private Optional<PeerNode> node() throws IOException {
    var unheard = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    try {
      return Optional.of(PeerNode.install(Path.of("peers-js"), new Shell(unheard, unheard, false)));
    } catch (PeerNode.Missing reason) {
      missing = String.valueOf(reason.getMessage());
      return Optional.empty();
    }
  }

  @AfterAll
  void close() throws Exception {
    stage.close();
  }

  private void assumeRunnable(PeerSystem system) {
    boolean isRunnable = missing.isEmpty() || system.host() == PeerSystem.Host.JVM;
    assumeTrue(isRunnable, () -> system.title() + " cannot run here: " + missing);
  }

  @ParameterizedTest
  @EnumSource
  void eachWorkloadIsExecutedAndLeavesItsTraces(PeerSystem system) throws Exception {
    assumeRunnable(system);
    try (PeerPlace place = stage.place(system, "all");
        PeerProcess life = place.start()) {
      Map<String, Double> facts = life.ask("steps 200 3", PATIENCE);
      assertThat(facts.get("steps_s")).isPositive();
      assertThat(facts.get("unfinished")).isZero();
      assertThat(facts.get("batch")).isGreaterThanOrEqualTo(1);
      life.ask("turns " + TURNS, PATIENCE);
      life.ask("effects 5 2", PATIENCE);
      assertThat(new PeerEffects(5, 0).seen(PeerLedger.read(place.ledger()), Set.of(), 0))
          .isEqualTo(new PeerEffects.Seen(0, 0, 0, 0));
      if (system.recovers()) {
        life.ask("counted 3 " + Peer.STEPS, PATIENCE);
      }
      life.end();
      assertThat(PeerLedger.read(place.ledger()))
          .hasSize(5 + (system.recovers() ? 3 * Peer.STEPS : 0));
      assertThat(place.bytes()).isGreaterThan((long) TURNS * Peer.TURN_CHARACTERS);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HOLDFAST_SQLITE", "NAIVE"})
  void noEffectIsLostInAKill(PeerSystem system) throws Exception {
    try (PeerPlace place = stage.place(system, "effects")) {
      PeerEffects.Seen seen = new PeerEffects(30, 1).play(place);
      assertThat(seen.lost()).isZero();
      assertThat(seen.doubts()).isZero();
      if (system == PeerSystem.HOLDFAST_SQLITE) {
        assertThat(seen.duplicates()).isZero();
      }
    }
  }

  @Test
  void whatMayNotBeRepeatedHappensOnceOrIsTold() throws Exception {
    try (PeerPlace place = stage.place(PeerSystem.HOLDFAST_SQLITE, "once", false)) {
      PeerEffects.Seen seen = new PeerEffects(30, 1).play(place);
      assertThat(seen.duplicates()).isZero();
      assertThat(seen.lost()).isZero();
    }
  }

  @Test
  void recordedStepsAreNotExecutedAgain() throws Exception {
    try (PeerPlace place = stage.place(PeerSystem.HOLDFAST_SQLITE, "recovery")) {
      PeerRecovery.Seen seen = new PeerRecovery(40).play(place);
      assertThat(seen.lost()).isZero();
      assertThat(seen.recordedAgain()).isZero();
    }
  }
}
