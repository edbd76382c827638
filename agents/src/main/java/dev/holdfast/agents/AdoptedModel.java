package dev.holdfast.agents;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The model of an adopted agent: within a run each call is a step of it.
 *
 * <p>Everything but the call is the model's own; without its capabilities LangChain4j would write
 * other prompts.
 */
final class AdoptedModel implements ChatModel {
  private final ChatModel model;

  AdoptedModel(ChatModel model) {
    this.model = model;
  }

  /** Each form goes on to the same form: a user's own decorator may know only this one. */
  @Override
  public ChatResponse chat(ChatRequest request) {
    return ask(request, model::chat);
  }

  @Override
  public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
    return ask(request, sent -> model.chat(sent, options));
  }

  private static ChatResponse ask(ChatRequest request, Function<ChatRequest, ChatResponse> model) {
    Optional<AdoptedCall> call = AdoptedCall.current();
    if (call.isPresent()) {
      return call.get().chat(request, model);
    }
    JournaledModeration.checkPending(request.messages());
    return model.apply(request);
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return model.listeners();
  }

  @Override
  public ModelProvider provider() {
    return model.provider();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return model.supportedCapabilities();
  }
}
