package dev.holdfast.agents;

import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Run;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.memory.ChatMemoryAccess;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The agent as its users hold it: a call within a run is a scope of that run. */
final class AdoptedProxy implements InvocationHandler {
  private static final System.Logger LOG = System.getLogger("dev.holdfast.agents");

  /** Carries what the agent threw out of a scope as it is. */
  private static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Thrown(Throwable cause) {
      super(cause.getMessage(), cause, false, false);
    }
  }

  private final Adopted agent;
  private final Object plain;
  private final Decoration decoration;

  AdoptedProxy(Decoration decoration, Object plain) {
    this.agent = decoration.agent();
    this.plain = plain;
    this.decoration = decoration;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy equals itself, as LangChain4j's do
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    if (method.getDeclaringClass() == Object.class && method.getName().equals("equals")) {
      return arguments != null && proxy == arguments[0];
    }
    if (method.getDeclaringClass() == Object.class
        || method.getDeclaringClass() == ChatMemoryAccess.class) {
      return call(method, arguments);
    }
    decoration.renew();
    Optional<Run> run = Run.current();
    return run.isPresent() ? within(run.get(), method, arguments) : outside(method, arguments);
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    return Proxy.getInvocationHandler(plain).invoke(plain, method, arguments);
  }

  private @Nullable Object within(Run run, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (isStreaming(method)) {
      throw streamRefused(method);
    }
    try {
      return run.scope(nameOf(method), inner -> scoped(inner, method, arguments)).orElse(null);
    } catch (Thrown thrown) {
      throw thrown.getCause() == null ? thrown : thrown.getCause();
    }
  }

  private Optional<Object> scoped(Run run, Method method, Object @Nullable [] arguments) {
    var call = new AdoptedCall(agent, run, decoration.moderation(method));
    try {
      return call.during(() -> {
        Optional<Object> result = Optional.ofNullable(answer(method, arguments));
        call.commit();
        return result;
      });
    } catch (RuntimeException thrown) {
      throw thrown;
    } catch (Exception thrown) {
      throw new Thrown(thrown);
    } finally {
      call.close();
    }
  }

  private @Nullable Object answer(Method method, Object @Nullable [] arguments) throws Exception {
    try {
      return call(method, arguments);
    } catch (Throwable thrown) { // wrapped by LangChain4j in whatever way
      switch (Escape.unwrapped(thrown)) {
        case Error error -> throw error;
        case Exception exception -> throw exception;
        case Throwable other -> throw new Thrown(other);
      }
    }
  }

  private @Nullable Object outside(Method method, Object @Nullable [] arguments) throws Throwable {
    checkAllowed(method);
    Optional<JournaledModeration> moderation = decoration.moderation(method);
    if (moderation.isPresent() && isStreaming(method)) {
      throw streamRefused(method);
    }
    try {
      moderation.ifPresent(JournaledModeration::pend);
      return call(method, arguments);
    } finally {
      JournaledModeration.forget();
    }
  }

  private void checkAllowed(Method method) {
    String what =
        "%s was called outside of a run, so nothing of it would survive a crash."
            .formatted(nameOf(method));
    switch (agent.adoption().outside()) {
      case REFUSE ->
          throw new IllegalStateException(
              what
                  + " Call it through holdfast.register(name, Interface.class, agent).run(id, a ->"
                  + " …), or in a workflow, but not from a tool; or build it with"
                  + " outside(Durable.Outside.WARN).");
      case WARN -> LOG.log(System.Logger.Level.WARNING, what);
    }
  }

  private UnsupportedOperationException streamRefused(Method method) {
    return new UnsupportedOperationException(
        "%s returns a %s, and a stream cannot be journaled. Return a value, such as String."
            .formatted(nameOf(method), method.getReturnType().getSimpleName()));
  }

  private static boolean isStreaming(Method method) {
    Class<?> result = method.getReturnType();
    return result == TokenStream.class
        || CompletionStage.class.isAssignableFrom(result)
        || Future.class.isAssignableFrom(result)
        || Flow.Publisher.class.isAssignableFrom(result)
        || isReactive(result);
  }

  /** Reactive Streams come with adapters that need not be there. */
  private static boolean isReactive(Class<?> type) {
    boolean isPublisher = type.getName().equals("org.reactivestreams.Publisher");
    for (Class<?> each : type.getInterfaces()) {
      isPublisher |= isReactive(each);
    }
    return isPublisher || (type.getSuperclass() != null && isReactive(type.getSuperclass()));
  }

  private String nameOf(Method method) {
    String name = agent.name() + "." + method.getName();
    return name.substring(0, Math.min(name.length(), StepPath.NAME_LENGTH_MAX));
  }
}
