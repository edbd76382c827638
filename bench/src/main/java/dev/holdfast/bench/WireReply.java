package dev.holdfast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a reply says, as far as a run depends on it.
 *
 * @param calls the tool calls in order
 * @param tokensIn tokens of the request, where told
 * @param tokensOut tokens of the reply, where told
 * @param finish why the model stopped; empty where it said nothing that LangChain4j has a word for
 */
record WireReply(
    List<Call> calls,
    Optional<Integer> tokensIn,
    Optional<Integer> tokensOut,
    Optional<FinishReason> finish) {
  /** Copies the calls. */
  WireReply {
    calls = List.copyOf(calls);
  }

  /**
   * A tool call.
   *
   * @param id as the provider gave it, where it did
   * @param arguments as one JSON value, or as a text that is none
   */
  record Call(Optional<String> id, String name, JsonNode arguments) {
    boolean isSame(String otherName, JsonNode otherArguments) {
      return name.equals(otherName) && WireJson.isEqual(arguments, otherArguments);
    }
  }

  /** What LangChain4j made of a reply. */
  static WireReply of(ChatResponse response) {
    Optional<TokenUsage> usage = Optional.ofNullable(response.tokenUsage());
    return new WireReply(
        response.aiMessage().toolExecutionRequests().stream()
            .map(call ->
                new Call(
                    Optional.ofNullable(call.id()),
                    String.valueOf(call.name()),
                    WireJson.arguments(call.arguments())))
            .toList(),
        usage.map(TokenUsage::inputTokenCount),
        usage.map(TokenUsage::outputTokenCount),
        Optional.ofNullable(response.finishReason()));
  }

  /** In what another reply differs from this one, which is as it should be; in plain words. */
  List<String> differences(WireReply other) {
    var differences = new ArrayList<String>();
    if (calls.size() != other.calls.size()) {
      differences.add("number of tool calls");
    } else {
      for (int i = 0; i < calls.size(); i++) {
        Call call = calls.get(i);
        Call theirs = other.calls.get(i);
        if (!call.isSame(theirs.name(), theirs.arguments())) {
          differences.add("tool call");
        } else if (call.id().isPresent() && !call.id().equals(theirs.id())) {
          differences.add("tool call's id");
        }
      }
    }
    if (!tokensIn.equals(other.tokensIn) || !tokensOut.equals(other.tokensOut)) {
      differences.add("usage");
    }
    if (finish.isPresent() && !finish.equals(other.finish)) {
      differences.add("reason to stop");
    }
    return differences.stream().distinct().toList();
  }
}
