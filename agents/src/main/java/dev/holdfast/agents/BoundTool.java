package dev.holdfast.agents;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.spi.Classifier;
import dev.holdfast.kernel.spi.Transactions;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tool that is a Java method: its schema, its method and the terms of its effect. */
record BoundTool(
    ToolSpecification specification,
    ToolMethod method,
    Optional<ToolMethod> probe,
    ToolTerms terms,
    Optional<Transactions<Connection>> transactions,
    Classifier classifier)
    implements AgentTool {
  @Override
  public List<String> problems(Map<String, Object> arguments) {
    List<String> unfit = SchemaCheck.problems(specification.parameters(), arguments);
    return unfit.isEmpty() ? method.problems(arguments) : unfit;
  }

  @Override
  public Effect<Map<String, Object>, String> effect(CallSite site, Map<String, Object> arguments) {
    var effect =
        withContract(site)
            .kind("tool")
            .onDoubt(terms.onDoubt())
            .classify(new ToolFailures(terms.rejectedOn(), classifier));
    if (terms.timeout().isPresent()) {
      effect = effect.timeout(terms.timeout().get());
    }
    if (terms.attemptsMax() > 0) {
      effect = effect.retry(Limits.DEFAULT.retry().attempts(terms.attemptsMax()));
    }
    if (terms.settleAfter().isPresent()) {
      effect = effect.settleAfter(terms.settleAfter().get());
    }
    if (terms.validFor().isPresent()) {
      effect = effect.validFor(terms.validFor().get());
    }
    if (terms.intent().isPresent()) {
      var intent = terms.intent().get();
      effect = effect.oncePer(intent.scope(), intent.name(), intent.values(arguments));
    }
    return effect;
  }

  private Effect<Map<String, Object>, String> withContract(CallSite site) {
    return switch (terms.contract()) {
      case READ -> Effect.read(String.class, input -> call(site, input, null));
      case IDEMPOTENT -> Effect.idempotent(String.class, input -> call(site, input, null));
      case KEYED -> Effect.keyed(String.class, (key, input) -> call(site, input, key));
      case TRANSACTIONAL ->
          Effect.transactional(
              String.class,
              transactions.orElseThrow(),
              (connection, input) -> call(site, input, connection));
      case VERIFIED ->
          Effect.verified(
              String.class,
              (key, input) -> call(site, input, key),
              (key, input) -> ask(input, key));
      case ONCE -> Effect.once(String.class, (key, input) -> call(site, input, key));
    };
  }

  private String call(CallSite site, Map<String, Object> arguments, @Nullable Object injected)
      throws Exception {
    Object result = method.call(arguments, injection(site, injected));
    String text = ToolMethod.textOf(result, method.method().getReturnType());
    if (terms.rejections().stream().anyMatch(text::startsWith)) {
      throw KnownFailure.rejected(Told.DECLINED, text);
    }
    return text;
  }

  /** A probe that fails has no answer; why is left out, since an exception's text may leak. */
  private Effect.Answer<String> ask(Map<String, Object> arguments, IdempotencyKey key) {
    Object answer;
    try {
      answer = probe.orElseThrow().call(arguments, Map.of(IdempotencyKey.class, key));
    } catch (Exception e) {
      return new Effect.Answer.Unclear<>("the probe failed: " + e.getClass().getSimpleName());
    }
    return switch (answer) {
      case Effect.Answer.Happened<?> happened ->
          new Effect.Answer.Happened<>(
              ToolMethod.textOf(happened.result(), method.method().getReturnType()));
      case Effect.Answer.DidNotHappen<?> not -> new Effect.Answer.DidNotHappen<>();
      case Effect.Answer.Unclear<?> unclear -> new Effect.Answer.Unclear<>(unclear.reason());
      case null, default -> new Effect.Answer.Unclear<>("the probe gave no answer");
    };
  }

  private static Map<Class<?>, Object> injection(CallSite site, @Nullable Object more) {
    var injected = new HashMap<>(site.given());
    Effect.attempt().ifPresent(attempt -> injected.put(RunContext.class, site.at(attempt)));
    switch (more) {
      case IdempotencyKey key -> injected.put(IdempotencyKey.class, key);
      case Connection connection -> injected.put(Connection.class, connection);
      case null, default -> {}
    }
    return injected;
  }
}
