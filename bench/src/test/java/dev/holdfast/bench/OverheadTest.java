package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.bench.OverheadSide.Cost;
import dev.holdfast.store.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OverheadTest {
  private static final Offset<Double> ROUNDING = within(1e-9);

  @TempDir private Path folder;

  private static Map<OverheadMix, Cost> costs(double each, double model, double tool) {
    Map<OverheadMix, Cost> costs = new EnumMap<>(OverheadMix.class);
    for (OverheadMix mix : OverheadMix.values()) {
      double micros = each + mix.modelCalls() * model + mix.toolCalls() * tool;
      costs.put(mix, new Cost(micros, mix.modelCalls(), mix.toolCalls()));
    }
    return costs;
  }

  @Test
  void whatEachCallAddsIsToldApartFromTheOtherAndFromTheConversation() {
    var micros = PerCall.of(costs(1_000, 30, 7), Cost::micros);
    assertThat(micros.model()).isCloseTo(30, ROUNDING);
    assertThat(micros.tool()).isCloseTo(7, ROUNDING);
    assertThat(PerCall.of(costs(1_000, 30, 7), Cost::commits)).isEqualTo(new PerCall(1, 0));
    assertThat(PerCall.of(costs(1_000, 30, 7), Cost::waits)).isEqualTo(new PerCall(0, 1));
  }

  @Test
  void aConversationThatTookLongByChanceDoesNotCount() {
    var added = new OverheadAdded();
    added.add(costs(1_000, 30, 7));
    added.add(costs(1_000, 9_000, 8_000));
    added.add(costs(2_000, 32, 9));
    assertThat(added.micros().model()).isCloseTo(32, ROUNDING);
    assertThat(added.micros().tool()).isCloseTo(9, ROUNDING);
    assertThat(added.commits()).isEqualTo(new PerCall(1, 0));
  }

  @Test
  void theFiguresLeaveOutWhatThePlainAgentTakesAndWhatTheDiskTakes() {
    var plain = new OverheadAdded();
    plain.add(costs(10, 1, 2));
    var held = new OverheadAdded();
    held.add(costs(500, 101, 52));
    var figures = new OverheadFigures(PerCall::model);
    figures.add(plain, held, held, 40);
    assertThat(figures.ephemeral().median()).isCloseTo(100, ROUNDING);
    assertThat(figures.powerLoss().median()).isCloseTo(100, ROUNDING);
    assertThat(figures.beyondCommits().median()).isCloseTo(60, ROUNDING);
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void noCallOfADurableConversationLeavesWithoutACommit(Durability durability) {
    try (var held = new OverheadSide.Held(folder.resolve("runs.db"), durability)) {
      var costs = held.measure();
      for (OverheadMix mix : OverheadMix.values()) {
        assertThat(costs)
            .extractingByKey(mix)
            .extracting(Cost::commits, InstanceOfAssertFactories.DOUBLE)
            .isGreaterThanOrEqualTo((double) mix.modelCalls() + mix.toolCalls());
      }
      assertThat(held.rows(0)).hasSizeGreaterThan(2 * OverheadMix.BASE.modelCalls());
    }
  }

  @Test
  void aPlainConversationCommitsNothing() {
    try (var plain = new OverheadSide.Plain()) {
      Cost cost = plain.measure(OverheadMix.MORE_CALLS);
      assertThat(cost.micros()).isPositive();
      assertThat(cost.commits()).isZero();
      assertThat(plain.booked()).isEqualTo(OverheadMix.MORE_CALLS.toolCalls());
    }
  }

  @Test
  void aLogThatStillGrowsIsRefused() throws Exception {
    var log = new WriteAheadLog(folder.resolve("runs.db"));
    assertThatThrownBy(log::requireFull).hasMessageContaining("did not reach 16,777,216 bytes");
    Files.write(folder.resolve("runs.db-wal"), new byte[16 << 20]);
    log.requireFull();
  }

  @Test
  void roundsOutOfBoundsAreRefused() {
    Command command = Command.run("overhead", "--rounds", "101");
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).contains("--rounds must be 1 to 100, is 101");
  }
}
