package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.JournalReader;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A history that is read page by page, and which of its steps stand in doubt. */
class PreparationTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 998, 999, 1_000, 1_001, 1_999, 2_500})
  void everyEntryIsReadOnce(int failures) {
    Facts facts = new Facts().intended(Contract.KEYED);
    for (int attempt = 1; attempt <= failures; attempt++) {
      facts = facts.failed(attempt, Facts.NOT_SENT);
    }

    History history = Preparation.load(reading(facts.entries()), new RunId("r"));

    assertThat(history.find(Facts.PATH).orElseThrow().failures()).isEqualTo(failures);
  }

  @Test
  void nothingIsRecordedOfARunThatDoesNotExist() {
    assertThat(Preparation.load(reading(List.of()), new RunId("r")).steps()).isEmpty();
  }

  @Test
  void onlyDoubtsThatNobodySettledAreOpen() {
    var left = new StepPath("effect:left#0");
    Facts facts =
        new Facts()
            .intended(Contract.ONCE)
            .doubted(DoubtPolicy.ASK)
            .intended(left, Contract.ONCE, Optional.empty())
            .write(new Entry.EffectDoubted(left, "?", DoubtPolicy.PROCEED))
            .intended(new StepPath("effect:sound#0"), Contract.ONCE, Optional.empty());

    assertThat(Preparation.openDoubts(facts.history())).containsExactly(Facts.PATH, left);
    assertThat(Preparation.openDoubts(facts.settled(new Verdict.DidNotHappen()).history()))
        .containsExactly(left);
  }

  private static JournalReader reading(List<Recorded> entries) {
    return (JournalReader)
        Proxy.newProxyInstance(
            JournalReader.class.getClassLoader(),
            new Class<?>[] {JournalReader.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("entries")) {
                throw new AssertionError("must not call " + method.getName());
              }
              return entries.stream().skip((long) arguments[1]).limit((int) arguments[2]).toList();
            });
  }
}
