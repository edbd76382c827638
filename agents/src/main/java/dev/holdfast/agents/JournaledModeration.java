package dev.holdfast.agents;

import dev.holdfast.kernel.Effect;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.model.moderation.ModerationRequest;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.ModerationException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moderation of an adopted agent.
 *
 * <p>LangChain4j asks beside the first model call, on a thread that belongs to no run; it is told
 * that all is well, and the question is put on the agent's own thread before that model call.
 */
record JournaledModeration(ModerationModel model, Adoption adoption) implements ModerationModel {
  private static final ThreadLocal<@Nullable JournaledModeration> PENDING = new ThreadLocal<>();

  /** The answer; journaled. */
  record Verdict(Optional<String> flagged) {}

  @Override
  public Response<Moderation> moderate(List<ChatMessage> messages) {
    return Response.from(Moderation.notFlagged());
  }

  @Override
  public ModerationResponse moderate(ModerationRequest request) {
    return model.moderate(request);
  }

  /** Makes the next model call of this thread, outside of every run, ask first. */
  void pend() {
    PENDING.set(this);
  }

  /** Puts nothing off any more. */
  static void forget() {
    PENDING.remove();
  }

  /** Asks where that was put off. */
  static void checkPending(List<ChatMessage> request) {
    @Nullable JournaledModeration pending = PENDING.get();
    PENDING.remove();
    if (pending != null) {
      pending.check(request);
    }
  }

  /**
   * Asks for real.
   *
   * @throws ModerationException as LangChain4j's own check does
   */
  void check(List<ChatMessage> request) {
    List<ChatMessage> messages = AiServices.removeToolMessages(request);
    Optional<AdoptedCall> call = AdoptedCall.current();
    Verdict verdict =
        call.isPresent()
            ? call.get()
                .run()
                .effect("moderate", Messages.digest(Messages.write(messages)), effect(messages))
            : ask(messages);
    if (verdict.flagged().isPresent()) {
      String text = verdict.flagged().get();
      throw new ModerationException(
          "Text \"%s\" violates content policy".formatted(text), Moderation.flagged(text));
    }
  }

  private Effect<String, Verdict> effect(List<ChatMessage> messages) {
    return Effect.<String, Verdict>idempotent(Verdict.class, digest -> ask(messages))
        .kind("moderation")
        .timeout(adoption.modelTimeout())
        .onMismatch(Effect.OnMismatch.RECORD)
        .classify(new ModelFailures());
  }

  private Verdict ask(List<ChatMessage> messages) {
    Moderation moderation = model.moderate(messages).content();
    @Nullable String text = moderation.flaggedText();
    return new Verdict(
        moderation.flagged() ? Optional.of(text == null ? "" : text) : Optional.empty());
  }
}
