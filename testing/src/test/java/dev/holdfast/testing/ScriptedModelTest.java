package dev.holdfast.testing;

import static dev.holdfast.testing.ScriptedModel.Reply.call;
import static dev.holdfast.testing.ScriptedModel.Reply.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model that a test writes. */
class ScriptedModelTest {
  private static final List<ChatMessage> FIRST = List.of(UserMessage.from("Hi"));
  private static final List<ChatMessage> SECOND =
      List.of(UserMessage.from("Hi"), AiMessage.from("…"), UserMessage.from("And?"));

  @Test
  void theReplyDependsOnTheRequestAndNotOnWhatWasAskedBefore() {
    var model = ScriptedModel.of(text("one"), call("find", "{}"));

    assertThat(model.chat(SECOND).aiMessage().hasToolExecutionRequests()).isTrue();
    assertThat(model.chat(FIRST).aiMessage().text()).isEqualTo("one");
    assertThat(model.chat(FIRST).aiMessage().text()).isEqualTo("one");
    assertThat(model.requests()).hasSize(3);
    assertThat(model.shown()).anyMatch(shown -> shown.contains("And?"));
  }

  @Test
  void aScriptThatIsTooShortSaysSo() {
    var model = ScriptedModel.of(text("one"));

    assertThatThrownBy(() -> model.chat(SECOND))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "The script holds 1 replies, but the request asks for reply 1 (from 0). Add it.");
  }

  @Test
  void aReplyCanFailFirst() {
    var model =
        ScriptedModel.of(text("one").failingFirst(1, () -> new RateLimitException("slow down")));

    assertThatThrownBy(() -> model.chat(FIRST)).isInstanceOf(RateLimitException.class);
    assertThat(model.chat(FIRST).aiMessage().text()).isEqualTo("one");
  }

  @Test
  void finishAndUsageAreToldAsWritten() {
    var cut = ScriptedModel.of(text("one").finish(FinishReason.LENGTH).usage(3, 4)).chat(FIRST);
    var silent = ScriptedModel.of(text("one").withoutUsage()).chat(FIRST);

    assertThat(cut.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(cut.tokenUsage().totalTokenCount()).isEqualTo(7);
    assertThat(silent.tokenUsage()).isNull();
  }
}
