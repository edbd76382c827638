package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.bench.AdoptionSide.Strike;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptionTest {
  @TempDir private Path folder;

  @Test
  void onlyTheDurableAgentDoesAllOnceAndKeepsItsMemory() {
    Command command = Command.run("adoption");

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.figures().fieldNames())
        .toIterable()
        .containsExactly(
            "plain_crashes",
            "plain_duplicates",
            "plain_lost",
            "plain_poisoned",
            "agentic_crashes",
            "agentic_duplicates",
            "agentic_lost",
            "agentic_poisoned",
            "holdfast_crashes",
            "holdfast_duplicates",
            "holdfast_lost",
            "holdfast_poisoned",
            "holdfast_doubts");
    assertThat(command.figure("holdfast_crashes")).isGreaterThan(command.figure("plain_crashes"));
    assertThat(command.figure("holdfast_duplicates")).isZero();
    assertThat(command.figure("holdfast_lost")).isZero();
    assertThat(command.figure("holdfast_poisoned")).isZero();
    assertThat(command.figure("holdfast_doubts")).isPositive();
    assertThat(command.figure("plain_duplicates")).isPositive();
    assertThat(command.figure("agentic_duplicates")).isPositive();
  }

  @Test
  void aChargeThatHappenedTwiceIsCountedOutside() {
    var plain = new AdoptionNaive.Plain(folder);
    AdoptionTurn undisturbed = plain.settle("1", new Strike.None());
    int charged = undisturbed.touches().indexOf("after the charge") + 1;
    AdoptionTurn crashed = plain.settle("2", new Strike.Touch(charged));

    assertThat(crashed.isCrashed()).isTrue();
    assertThat(crashed.refusals()).isEqualTo(1);
    assertThat(crashed.isAnswered()).isTrue();
    assertThat(plain.books().count("charge 1")).isEqualTo(1);
    assertThat(plain.books().count("charge 2")).isEqualTo(2);
    assertThat(plain.books().count("letter 2")).isEqualTo(1);
    assertThat(
            AdoptionDamage.of(
                plain, List.of("1", "2"), List.of(undisturbed, crashed), plain.memory()))
        .isEqualTo(new AdoptionDamage(1, 0, true, true));
  }

  @Test
  void whatIsMissingOrRememberedOtherwiseIsSeen() {
    var plain = new AdoptionNaive.Plain(folder);
    AdoptionTurn first = plain.settle("1", new Strike.None());

    assertThat(AdoptionDamage.of(plain, List.of("1"), List.of(first), plain.memory()).isNone())
        .isTrue();
    assertThat(AdoptionDamage.of(plain, List.of("1", "2"), List.of(first), Map.of()))
        .isEqualTo(new AdoptionDamage(0, 2, true, false));
    var unanswered = new AdoptionTurn(false, false, 0, 0, 0, List.of());
    assertThat(AdoptionDamage.of(plain, List.of("1"), List.of(unanswered), plain.memory()).lost())
        .isEqualTo(1);
  }

  @Test
  void aBankKnowsARepeatByItsKeyAndOnlyByThat() {
    var books = new AdoptionBooks();
    books.charge("key-1", "1");
    books.charge("key-1", "1");
    books.charge("2");
    books.charge("2");
    assertThat(books.count("charge 1")).isEqualTo(1);
    assertThat(books.count("charge 2")).isEqualTo(2);
  }

  @Test
  void theProviderRefusesACallWithoutItsResult() {
    var model = new AdoptionModel(AdoptionLife.unharmed());
    var question = UserMessage.from(AdoptionModel.question("1"));
    var asking =
        AiMessage.from(
            ToolExecutionRequest.builder().id("a").name("charge").arguments("{}").build());

    assertThatThrownBy(() -> model.chat(question, asking, question))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> model.chat(question, asking))
        .isInstanceOf(InvalidRequestException.class);
    var result = ToolExecutionResultMessage.from("a", "charge", "charged 1");
    assertThat(model.chat(question, asking, result).aiMessage().text())
        .isEqualTo(AdoptionModel.answer("1"));
  }

  @Test
  void aDeadProcessTouchesNothingAnyMore() {
    var life = AdoptionLife.dyingAt(2);
    life.touch("one");
    assertThatThrownBy(() -> life.touch("two")).isInstanceOf(AdoptionLife.Died.class);
    assertThatThrownBy(() -> life.touch("three")).isInstanceOf(AdoptionLife.Died.class);
    assertThat(life.isOver()).isTrue();
    assertThat(life.touches()).containsExactly("one", "two");
  }

  @Test
  void brokenLawsAreNamed() {
    var plain = new AdoptionScore();
    var held = new AdoptionScore();
    var turn = new AdoptionTurn(true, true, 0, 1, 2, List.of());
    held.add("after the charge", turn, new AdoptionDamage(1, 1, true, false));

    assertThat(AdoptionCommand.brokenLaws(plain, held))
        .containsExactly(
            "no effect may happen twice",
            "no effect and no answer may be lost",
            "no memory may be poisoned",
            "every doubt, and no other, is told (1 of 2)",
            "the outside must see what happens twice",
            "the outside must see a poisoned memory");
    assertThat(AdoptionCommand.brokenLaws(plain, plain)).contains("there must be a crash");
    assertThat(held.places()).containsExactly("after the charge: 1 twice, 1 lost, poisoned memory");
  }
}
