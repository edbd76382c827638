package dev.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model that plays a recording. */
class RecordedModelTest {
  private static final List<ChatMessage> FIRST = List.of(UserMessage.from("Hi"));
  private static final List<ChatMessage> SECOND =
      List.of(UserMessage.from("Hi"), AiMessage.from("one"), UserMessage.from("And?"));
  private static final List<ChatMessage> THIRD =
      List.of(AiMessage.from("one"), AiMessage.from("two"), UserMessage.from("And?"));

  private final RecordedModel model =
      RecordedModel.of(List.of(AiMessage.from("one"), AiMessage.from("two")));

  @Test
  void itPlaysByTheNumberOfRepliesInTheRequest() {
    assertThat(model.chat(SECOND).aiMessage().text()).isEqualTo("two");
    assertThat(model.chat(FIRST).aiMessage().text()).isEqualTo("one");
  }

  @Test
  void callsThatWereMadeAgainShow() {
    model.chat(FIRST);
    model.chat(SECOND);
    model.chat(SECOND);

    assertThat(model.calls()).isEqualTo(3);
    assertThat(model.callsAt(0)).isEqualTo(1);
    assertThat(model.callsAt(1)).isEqualTo(2);
    assertThat(model.callsRedone()).isEqualTo(1);
  }

  @Test
  void aRequestBeyondTheRecordingIsAClearError() {
    assertThatThrownBy(() -> model.chat(THIRD))
        .isInstanceOf(RecordedModel.RecordingEnded.class)
        .hasMessage("The recording holds 2 replies, but the request asks for reply 2 (from 0).");
    assertThat(model.calls()).isZero();
  }
}
