package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Outcome;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forking a run from the command line. */
class ForkCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private Path store = Path.of("");

  @BeforeEach
  void makeAStore() {
    store = Pickups.store(directory);
  }

  private Invocation run(String... arguments) {
    return Invocation.of(directory, arguments);
  }

  @Test
  void anEffectWithoutAWordIsListedAndNothingIsStarted() {
    Invocation refused = run("fork", "pickup-good", "book-pickup", "copy");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains("effect:book-pickup#0 (ONCE) happened", "a second charge")
        .contains("--adopt 'effect:book-pickup#0'   or   --accept 'effect:book-pickup#0'");
    assertThat(run("runs").out()).doesNotContain("copy");
  }

  @Test
  void anAdoptedEffectIsShownAsComingFromTheSource() {
    Invocation forked = run("fork", "pickup-good", "book-pickup", "copy", "--adopt", "book-pickup");
    assertThat(forked.out()).contains("Run 'copy' begins as run 'pickup-good'");
    try (var holdfast = Holdfast.open(store)) {
      holdfast.register(Pickups.workflow());
      assertThat(holdfast.find("copy", String.class).await(PATIENCE))
          .isEqualTo(new Outcome.Completed<>("P-1"));
    }
    assertThat(run("show", "copy").out())
        .contains("forked from run pickup-good", "(from the run forked)");
  }

  @Test
  void aDoubtCannotBeAdoptedAndAStepMustExist() {
    Invocation doubt = run("fork", "pickup-doubt", "book-pickup", "copy", "--adopt", "book-pickup");
    assertThat(doubt.err()).contains("nobody knows whether effect:book-pickup#0 happened");
    assertThat(run("fork", "pickup-good", "nothing", "copy").err())
        .contains("has no step 'nothing'");
    assertThat(run("fork", "pickup-good", "book-pickup", "copy", "--live", "SOMETIMES").code())
        .isEqualTo(2);
  }
}
