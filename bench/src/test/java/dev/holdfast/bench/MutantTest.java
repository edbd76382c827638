package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MutantTest {
  private static Optional<String> broken(String name) {
    return Mutant.broken(
        Mutant.all().stream().filter(mutant -> mutant.name().equals(name)).findFirst());
  }

  @Test
  void aKernelThatCallsBeforeItsIntentIsDurableIsFound() {
    assertThat(broken("the call leaves before its intent is durable"))
        .hasValueSatisfying(why -> assertThat(why).contains("seed "));
  }

  @Test
  void aKernelThatTakesALostAnswerForNoneIsFound() {
    assertThat(broken("a lost answer counts as not sent"))
        .hasValueSatisfying(why -> assertThat(why).contains("reached its target 2 times"));
  }

  @Test
  void aKernelThatCallsWithoutALookAtItsLeaseIsFound() {
    assertThat(broken("a process calls without a look at its lease"))
        .hasValueSatisfying(why -> assertThat(why).contains("by a process that had lost the run"));
  }

  @Test
  void everyBugIsAnother() {
    List<String> names = Mutant.all().stream().map(Mutant::name).toList();

    assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(15);
  }

  @Test
  void aBugThatCannotBePlantedIsTold() {
    var nowhere =
        new Mutant(
            "nowhere", "dev.holdfast.kernel.Recovery", "none", 9, new Mutant.Change.Nothing());

    assertThatThrownBy(() -> Mutant.broken(Optional.of(nowhere)))
        .hasMessage(
            "dev.holdfast.kernel.Recovery has no method none of 9 parameters: plant 'nowhere'"
                + " elsewhere.");
  }
}
