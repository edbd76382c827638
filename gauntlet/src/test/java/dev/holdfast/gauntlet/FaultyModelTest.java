package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.output.FinishReason;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultyModelTest {
  private final ScriptedModel real =
      ScriptedModel.deciding(request -> Reply.call("pay", "{\"order\":\"17\",\"cents\":4900}"));

  private FaultyModel model(Fault fault) {
    return FaultyModel.of(real).striking(2, fault);
  }

  private static AiMessage said(FaultyModel model) {
    return model.chat(UserMessage.from("Pay.")).aiMessage();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RATE_LIMITED", "OVERLOADED", "CONTEXT_OVERFLOW", "CUT_STREAM", "ANSWER_LOST"})
  void theSecondCallFails(Fault fault) {
    FaultyModel model = model(fault);

    assertThat(said(model).toolExecutionRequests()).hasSize(1);
    assertThatThrownBy(() -> said(model))
        .isInstanceOfAny(HttpException.class, UncheckedIOException.class);
    assertThat(said(model).toolExecutionRequests()).hasSize(1);
    boolean isAnswered = fault == Fault.CUT_STREAM || fault == Fault.ANSWER_LOST;
    assertThat(real.requests()).hasSize(isAnswered ? 3 : 2);
    assertThat(model.calls()).isEqualTo(3);
  }

  @Test
  void argumentsAreNoJson() {
    FaultyModel model = model(Fault.MALFORMED_JSON);
    said(model);

    assertThat(said(model).toolExecutionRequests().getFirst().arguments()).endsWith("{\"cut");
  }

  @Test
  void argumentsHaveOtherTypes() {
    FaultyModel model = model(Fault.WRONG_TYPES);
    said(model);

    assertThat(said(model).toolExecutionRequests().getFirst().arguments())
        .isEqualTo("{\"order\":{\"text\":[true]},\"cents\":[\"many\"]}");
  }

  @Test
  void theToolIsUnknown() {
    FaultyModel model = model(Fault.UNKNOWN_TOOL);
    said(model);

    assertThat(said(model).toolExecutionRequests().getFirst().name()).isEqualTo("pay_v2");
  }

  @Test
  void nothingIsSaid() {
    FaultyModel model = model(Fault.EMPTY_REPLY);
    said(model);

    assertThat(said(model).text()).isEmpty();
  }

  @Test
  void theReplyIsCutOff() {
    FaultyModel model = model(Fault.TRUNCATED_REPLY);
    said(model);

    assertThat(model.chat(UserMessage.from("Pay.")).finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void onceItLoopsItLoopsForEver() {
    FaultyModel model = FaultyModel.of(ScriptedModel.deciding(any -> Reply.text("Done.")));
    model.striking(1, Fault.ENDLESS_LOOP);
    var asked = AiMessage.from(List.of(ScriptedModel.Reply.request("c", "pay", "{}")));
    var request = ChatRequest.builder().messages(UserMessage.from("Pay."), asked).build();

    for (int i = 0; i < 5; i++) {
      assertThat(model.chat(request).aiMessage()).isEqualTo(asked);
    }
  }

  @Test
  void whatBefallsNoModelIsRefused() {
    assertThatThrownBy(() -> model(Fault.PAUSED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("paused at call 2");
  }
}
