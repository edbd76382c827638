package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.invocation.LangChain4jManaged;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.sql.Connection;
import java.time.temporal.Temporal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

/** What a tool method must hold to so that its contract can be kept. */
final class ToolChecks {
  private static final List<Class<?>> FOREIGN =
      List.of(InvocationContext.class, InvocationParameters.class, LangChain4jManaged.class);

  private ToolChecks() {}

  static void checkNothingForeign(Method method) {
    for (Parameter parameter : method.getParameters()) {
      if (parameter.isAnnotationPresent(ToolMemoryId.class)
          || FOREIGN.stream().anyMatch(type -> type.isAssignableFrom(parameter.getType()))) {
        throw new IllegalArgumentException(
            "it takes a %s, which only LangChain4j's own loop has. Take a RunContext."
                .formatted(parameter.getType().getSimpleName()));
      }
    }
  }

  static void checkParameters(Method method) {
    for (Parameter parameter : method.getParameters()) {
      if (Temporal.class.isAssignableFrom(parameter.getType())) {
        throw new IllegalArgumentException(
            "LangChain4j describes a %s in a form that no JSON reader shares. Take a String."
                .formatted(parameter.getType().getSimpleName()));
      }
      boolean isNamed =
          parameter.isAnnotationPresent(P.class)
              && !parameter.getAnnotation(P.class).name().isBlank();
      if (!parameter.isNamePresent() && !isNamed && !ToolMethod.isInjected(parameter)) {
        throw new IllegalArgumentException(
            "its parameters have no names at run time. Compile with -parameters, or name them"
                + " with @P(name = …).");
      }
    }
    Class<?> result = method.getReturnType();
    if (Future.class.isAssignableFrom(result)
        || CompletionStage.class.isAssignableFrom(result)
        || Flow.Publisher.class.isAssignableFrom(result)) {
      throw new IllegalArgumentException(
          "it returns a %s, and its effect would count as done before it is. Return the result."
              .formatted(result.getSimpleName()));
    }
  }

  static void check(
      ToolMethod method, Optional<ToolMethod> probe, ToolTerms terms, boolean hasTransactions) {
    boolean takesKey = method.takes(IdempotencyKey.class);
    boolean takesConnection = method.takes(Connection.class);
    Contract contract = terms.contract();
    require(
        takesConnection == (contract == Contract.TRANSACTIONAL),
        "a java.sql.Connection parameter and TRANSACTIONAL belong together.");
    require(
        contract != Contract.TRANSACTIONAL || hasTransactions,
        "TRANSACTIONAL needs Agent.Builder.transactions(…).");
    require(
        contract != Contract.KEYED || takesKey,
        "KEYED needs an IdempotencyKey parameter to hand to the target. A tool whose arguments"
            + " alone make a repeat harmless is IDEMPOTENT.");
    boolean hasKey =
        switch (contract) {
          case KEYED, VERIFIED, ONCE -> true;
          case READ, IDEMPOTENT, TRANSACTIONAL -> false;
        };
    require(hasKey || !takesKey, "%s has no idempotency key to inject.".formatted(contract));
    require(
        probe.isPresent() == (contract == Contract.VERIFIED),
        "VERIFIED and @Effect(probe = …) belong together.");
    probe.ifPresent(asked -> checkProbe(method, asked));
    checkSettings(terms);
  }

  private static void checkProbe(ToolMethod method, ToolMethod probe) {
    require(
        dev.holdfast.kernel.Effect.Answer.class.isAssignableFrom(probe.method().getReturnType()),
        "its probe must return dev.holdfast.kernel.Effect.Answer.");
    require(
        !probe.takes(Connection.class) && !probe.takes(RunContext.class),
        "its probe can take an IdempotencyKey and its own parameters only.");
    List<String> known = method.argumentNames();
    for (String name : probe.argumentNames()) {
      require(known.contains(name), "its probe takes '%s', which it does not.".formatted(name));
    }
  }

  private static void checkSettings(ToolTerms terms) {
    Contract contract = terms.contract();
    require(
        terms.settleAfter().isEmpty() || contract == Contract.VERIFIED,
        "settleAfter is for VERIFIED.");
    require(terms.validFor().isEmpty() || contract == Contract.KEYED, "validFor is for KEYED.");
    require(terms.intent().isEmpty() || contract != Contract.READ, "a READ has no intent to name.");
    require(
        terms.attemptsMax() >= 0 && terms.attemptsMax() <= 1_000,
        "attemptsMax must be 0 to 1,000, is %d.".formatted(terms.attemptsMax()));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
