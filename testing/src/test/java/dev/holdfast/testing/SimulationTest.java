package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Append;
import dev.holdfast.journal.spi.Journal;
import dev.holdfast.journal.spi.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random programs under random faults on the baton. */
class SimulationTest {
  private static final int SEEDS = 300;
  private static final int SEEDS_OF_CAMPAIGN = 20_000;
  private static final int SEEDS_OF_SEARCH = 3_000;

  static LongStream seeds() {
    Long one = Long.getLong(Simulation.SEED);
    boolean isCampaign = Boolean.getBoolean("holdfast.campaigns");
    return one == null
        ? LongStream.rangeClosed(1, isCampaign ? SEEDS_OF_CAMPAIGN : SEEDS)
        : LongStream.of(one);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noLawIsBroken(long seed) {
    assertThat(Simulation.of(seed).play().entries()).isPositive();
  }

  @Test
  void theSameSeedIsTheSameSimulation() {
    for (long seed = 1; seed <= 10; seed++) {
      assertThat(Simulation.of(seed).play()).isEqualTo(Simulation.of(seed).play());
    }
  }

  private static AssertionError found(UnaryOperator<Journal> broken) {
    for (long seed = 1; seed <= SEEDS_OF_SEARCH; seed++) {
      try {
        Simulation.of(seed).through(broken).play();
      } catch (AssertionError found) {
        String again = "-D%s=%d".formatted(Simulation.SEED, seed);
        assertThat(found).hasMessageContainingAll("Simulation " + seed, again);
        return found;
      }
    }
    throw new AssertionError("No law was broken.");
  }

  @Test
  void aJournalThatLosesMailIsFound() {
    assertThat(
            found(journal ->
                new Faulty(journal) {
                  @Override
                  public CompletableFuture<Void> send(RunId run, Message message) {
                    return message instanceof Message.Signal
                        ? CompletableFuture.completedFuture(null)
                        : super.send(run, message);
                  }
                }))
        .hasMessageContaining("a signal that was acknowledged is kept");
  }

  @Test
  void aLeaseThatNeverEndsIsFound() {
    assertThat(
            found(journal ->
                new Faulty(journal) {
                  @Override
                  public CompletableFuture<Void> lease(RunId run, long epoch) {
                    return CompletableFuture.completedFuture(null);
                  }
                }))
        .hasMessageContaining("what is finished is not done again");
  }

  @Test
  void aClockThatRunsAheadOfTheTimersIsFound() {
    assertThat(
            found(journal ->
                new Faulty(journal) {
                  @Override
                  public CompletableFuture<Void> append(Append append) {
                    return super.append(early(append));
                  }
                }))
        .hasMessageContaining("no wait ends early");
  }

  /** As if a timer had been due an hour later. */
  private static Append early(Append append) {
    List<Entry> entries =
        append.entries().stream()
            .map(entry ->
                entry instanceof Entry.WaitStarted wait
                    ? new Entry.WaitStarted(wait.path(), wait.due().plus(Duration.ofHours(1)))
                    : entry)
            .toList();
    return new Append(
        append.run(),
        append.epoch(),
        append.firstSequence(),
        append.at(),
        entries,
        append.consumed(),
        append.facts(),
        append.release());
  }
}
