package dev.holdfast.store;

import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object whose calls through its interface are durable runs; safe for many threads.
 *
 * <p>Each method is a workflow {@code name.method}; the arguments are the run's input, so every
 * process that registered the same name and interface can recover the call. Arguments and results
 * must be values that the store can encode.
 *
 * @param <T> the interface
 */
public final class Service<T> {
  /** By name, since some come with libraries that need not be there. */
  private static final Set<String> LATER =
      Set.of(
          "dev.langchain4j.service.TokenStream",
          "java.util.concurrent.CompletionStage",
          "java.util.concurrent.Flow$Publisher",
          "java.util.concurrent.Future",
          "java.util.stream.BaseStream",
          "org.reactivestreams.Publisher");

  private final Engine engine;
  private final Class<T> type;
  private final Map<Method, ServiceMethod> methods;

  private Service(Engine engine, Class<T> type, Map<Method, ServiceMethod> methods) {
    this.engine = engine;
    this.type = type;
    this.methods = methods;
  }

  static <T> Service<T> register(
      Engine engine,
      String name,
      Class<T> type,
      T service,
      Set<Class<? extends Exception>> failsOn) {
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          "%s is no interface, so its calls cannot be recorded. Register an interface of it."
              .formatted(type.getName()));
    }
    Map<Method, ServiceMethod> methods = methods(name, type, service, failsOn);
    if (methods.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no method that can be a run: one whose result is a value, not a stream or future."
              .formatted(type.getName()));
    }
    engine.register(methods.values().stream().distinct().toArray(ServiceMethod[]::new));
    return new Service<>(engine, type, methods);
  }

  private static boolean canBeJournaled(Method method) {
    return !isLater(method.getReturnType());
  }

  /** Whether such a result, or what it extends, comes after the call has returned. */
  private static boolean isLater(Class<?> type) {
    Class<?> extended = type.getSuperclass();
    return LATER.contains(type.getName())
        || (extended != null && isLater(extended))
        || Arrays.stream(type.getInterfaces()).anyMatch(Service::isLater);
  }

  /** A method that several interfaces declare is one, whichever of them a caller sees. */
  private static <T> Map<Method, ServiceMethod> methods(
      String name, Class<T> type, T service, Set<Class<? extends Exception>> failsOn) {
    List<Method> declared =
        Arrays.stream(type.getMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()) && canBeJournaled(method))
            .toList();
    var narrowest = new HashMap<Signature, Method>();
    for (Method method : declared) {
      narrowest.merge(Signature.of(method), method, Service::narrower);
    }
    var runs = new HashMap<Signature, ServiceMethod>();
    narrowest.forEach((signature, method) ->
        runs.put(
            signature,
            new ServiceMethod(
                nameOf(name, signature, narrowest.keySet()), method, service, failsOn)));
    var methods = new HashMap<Method, ServiceMethod>();
    for (Method method : declared) {
      methods.put(method, runs.get(Signature.of(method)));
    }
    return methods;
  }

  /** What the compiler tells methods of one interface apart by. */
  private record Signature(String name, List<Class<?>> parameters) {
    static Signature of(Method method) {
      return new Signature(method.getName(), List.of(method.getParameterTypes()));
    }
  }

  private static Method narrower(Method one, Method other) {
    return one.getReturnType().isAssignableFrom(other.getReturnType()) ? other : one;
  }

  /** Overloads carry the types of their parameters, so that each keeps its name. */
  private static String nameOf(String name, Signature method, Set<Signature> all) {
    boolean alone = all.stream().filter(other -> other.name().equals(method.name())).count() == 1;
    List<String> parameters = method.parameters().stream().map(Class::getSimpleName).toList();
    return "%s.%s%s"
        .formatted(name, method.name(), alone ? "" : "(" + String.join(",", parameters) + ")");
  }

  /**
   * Starts a run that makes the call, or attaches to the one that has the id, and returns its
   * result, waited for at most 5 minutes; the same id is the same run, also after a crash.
   *
   * @param call makes exactly one call of the interface and returns its result
   * @throws IllegalArgumentException where it makes none or several, or one whose result is a
   *     stream or future
   * @throws dev.holdfast.kernel.RunException where the run did not complete; see {@link
   *     Handle#run()}
   */
  public <R extends @Nullable Object> R run(String id, Function<T, R> call) {
    return run(id, Admission.AT_ONCE, call);
  }

  /**
   * Does what {@link #run(String, Function)} does, once the run is let in: through a queue, or in
   * its turn in a session, such as that of a conversation.
   */
  @SuppressWarnings("NullAway") // what a method returns may be null, as in the call itself
  public <R extends @Nullable Object> R run(String id, Admission admission, Function<T, R> call) {
    Recorded recorded = record(call);
    @SuppressWarnings("unchecked") // the call's own result type
    R result = (R) recorded.method().result(start(id, admission, recorded).run());
    return result;
  }

  /**
   * Starts a run that makes the call, or attaches to the one that has the id; durable on return.
   *
   * <p>The handle's result is decoded as the method's return type, a generic one as its raw form;
   * {@link #run} keeps type arguments.
   *
   * @param call makes exactly one call of the interface and returns its result
   */
  public <R> Handle<R> start(String id, Function<T, R> call) {
    return start(id, Admission.AT_ONCE, call);
  }

  /** Does what {@link #start(String, Function)} does, and says how the run is let in. */
  public <R> Handle<R> start(String id, Admission admission, Function<T, R> call) {
    @SuppressWarnings("unchecked") // the call's own result type
    Handle<R> handle = (Handle<R>) start(id, admission, record(call));
    return handle;
  }

  private Handle<Object> start(String id, Admission admission, Recorded recorded) {
    return engine.start(recorded.method(), id, recorded.arguments(), admission);
  }

  private record Recorded(ServiceMethod method, ServiceMethod.Arguments arguments) {}

  private Recorded record(Function<T, ?> call) {
    var recorder = new Recorder();
    T proxy =
        type.cast(
            Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, recorder::invoke));
    try {
      Object returned = call.apply(proxy);
      recorder.checkReturned(returned);
    } catch (NullPointerException usedTheResult) {
      if (recorder.recorded.isEmpty()) {
        throw usedTheResult;
      }
      throw new IllegalArgumentException(
          "The call of %s only names what to run. Use its result outside of the lambda."
              .formatted(recorder.recorded.get().method().name()),
          usedTheResult);
    }
    return recorder.recorded.orElseThrow(() ->
        new IllegalArgumentException(
            "The lambda called no method of %s. It must make exactly one call."
                .formatted(type.getSimpleName())));
  }

  /** Takes down the one call instead of making it. */
  private final class Recorder {
    private Optional<Recorded> recorded = Optional.empty();

    /** A result that was made of the call's would silently not be the run's. */
    void checkReturned(@Nullable Object returned) {
      boolean isOther =
          recorded
              .filter(call -> !Objects.equals(returned, call.method().placeholder()))
              .isPresent();
      if (returned != null && isOther) {
        throw new IllegalArgumentException(
            "The lambda returned a value of its own. It must return the result of the call as is.");
      }
    }

    @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
      if (method.getDeclaringClass() == Object.class) {
        throw new IllegalArgumentException(
            "The lambda called %s. It must make exactly one call of %s."
                .formatted(method.getName(), type.getSimpleName()));
      }
      ServiceMethod known = methods.get(method);
      if (known == null) {
        throw new IllegalArgumentException(
            "%s.%s returns a %s, which cannot be journaled. Call a method that returns a value."
                .formatted(
                    type.getSimpleName(),
                    method.getName(),
                    method.getReturnType().getSimpleName()));
      }
      if (recorded.isPresent()) {
        throw new IllegalArgumentException(
            "The lambda called %s after %s. A run is one call; start another run for the second."
                .formatted(known.name(), recorded.get().method().name()));
      }
      recorded = Optional.of(new Recorded(known, ServiceMethod.Arguments.of(arguments)));
      return known.placeholder();
    }
  }
}
