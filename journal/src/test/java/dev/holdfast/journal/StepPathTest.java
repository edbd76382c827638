package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepPathTest {
  private static final StepPath DEEP =
      StepPath.ROOT.child("scope", "turn", 3).child("par", "tools", 0).branch("1");

  @Test
  void joinsKindNameAndNumber() {
    assertThat(DEEP.child("tool", "refund", 0))
        .hasToString("scope:turn#3/par:tools#0/branch:1/tool:refund#0");
  }

  @Test
  void aNameMayHoldAColonSinceOnlyTheFirstPartsTheKind() {
    StepPath path = StepPath.ROOT.child("tool", "mcp:find", 2);

    assertThat(path.kind()).isEqualTo("tool");
    assertThat(path.name()).isEqualTo("mcp:find");
    assertThat(path.segment()).isEqualTo("tool:mcp:find#2");
  }

  @Test
  void everyPathKnowsItsScope() {
    StepPath step = DEEP.child("tool", "refund", 0);

    assertThat(step.parent()).isEqualTo(DEEP);
    assertThat(DEEP.parent().parent()).isEqualTo(StepPath.ROOT.child("scope", "turn", 3));
    assertThat(StepPath.ROOT.child("step", "a", 0).parent()).isEqualTo(StepPath.ROOT);
    assertThat(StepPath.ROOT.parent()).isEqualTo(StepPath.ROOT);
  }

  @Test
  void theRootHasNeitherKindNorName() {
    assertThat(StepPath.ROOT.kind()).isEmpty();
    assertThat(StepPath.ROOT.name()).isEmpty();
    assertThat(StepPath.ROOT.segment()).isEmpty();
  }

  @Test
  void aBranchHasItsLabelAsName() {
    assertThat(DEEP.kind()).isEqualTo("branch");
    assertThat(DEEP.name()).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({
    "step:a#0, step:a#0, true",
    "step:a#0/step:b#0, step:a#0, true",
    "step:a#01, step:a#0, false",
    "step:a#0, step:a#0/step:b#0, false",
    "step:b#0, step:a#0, false",
  })
  void aScopeHoldsItselfAndWhatIsBelow(String path, String scope, boolean isWithin) {
    assertThat(new StepPath(path).isWithin(new StepPath(scope))).isEqualTo(isWithin);
    assertThat(new StepPath(path).isWithin(StepPath.ROOT)).isTrue();
  }

  @Test
  void differentProgramsHaveDifferentPaths() {
    StepPath root = StepPath.ROOT;

    assertThat(root.child("effect", "pay", 0))
        .isNotEqualTo(root.child("effect", "pay", 1))
        .isNotEqualTo(root.child("step", "pay", 0))
        .isNotEqualTo(root.branch("pay"))
        .isNotEqualTo(root.child("scope", "x", 0).child("effect", "pay", 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a#1", "/", "#"})
  void refusesANameThatWouldForgeAPath(String name) {
    assertThatThrownBy(() -> StepPath.ROOT.child("effect", name, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "' holds '/' or '#'")
        .hasMessageContaining("Use '-' or '.'");
    assertThatThrownBy(() -> StepPath.ROOT.branch(name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void refusesAnEmptyName(String name) {
    assertThatThrownBy(() -> StepPath.ROOT.child("effect", name, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 120 characters");
  }

  @Test
  void refusesANameBeyondItsBound() {
    String longest = "n".repeat(StepPath.NAME_LENGTH_MAX);

    assertThat(StepPath.ROOT.child("effect", longest, 0).name()).isEqualTo(longest);
    assertThatThrownBy(() -> StepPath.ROOT.child("effect", longest + "n", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("this has 121");
  }
}
