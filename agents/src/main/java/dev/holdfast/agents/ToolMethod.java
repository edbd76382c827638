package dev.holdfast.agents;

import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.invocation.LangChain4jManaged;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A method of the user's object, called with a model's arguments and with what is injected. */
final class ToolMethod {
  /** What a method may ask for that no model supplies. */
  private static final List<Class<?>> INJECTED =
      List.of(RunContext.class, IdempotencyKey.class, Connection.class);

  /** Where one argument of the method comes from. */
  private record Slot(
      String name,
      Class<?> type,
      Type generic,
      Optional<Object> preset,
      Optional<Class<?>> injectedAs) {
    boolean isInjected() {
      return injectedAs.isPresent();
    }
  }

  private final Object target;
  private final Method method;
  private final List<Slot> slots;

  ToolMethod(Object target, Method method) {
    this.target = target;
    this.method = method;
    this.slots = Stream.of(method.getParameters()).map(ToolMethod::slot).toList();
    method.setAccessible(true);
  }

  static boolean isInjected(Parameter parameter) {
    return injectedAs(parameter).isPresent();
  }

  /** By which type a parameter that no model fills is found among what is injected. */
  private static Optional<Class<?>> injectedAs(Parameter parameter) {
    Class<?> type = parameter.getType();
    if (parameter.isAnnotationPresent(ToolMemoryId.class)) {
      return Optional.of(ToolMemoryId.class);
    }
    if (InvocationParameters.class.isAssignableFrom(type)) {
      return Optional.of(InvocationParameters.class);
    }
    boolean isGiven =
        INJECTED.contains(type)
            || type == InvocationContext.class
            || LangChain4jManaged.class.isAssignableFrom(type);
    return isGiven ? Optional.of(type) : Optional.empty();
  }

  /** The name that LangChain4j shows to the model. */
  static String nameOf(Parameter parameter) {
    return Optional.ofNullable(parameter.getAnnotation(P.class))
        .map(P::name)
        .filter(name -> !name.isBlank())
        .orElseGet(parameter::getName);
  }

  private static Slot slot(Parameter parameter) {
    var preset =
        Optional.ofNullable(parameter.getAnnotation(P.class))
            .map(P::defaultValue)
            .filter(text -> !text.equals(P.NO_DEFAULT))
            .map(text -> preset(parameter, text));
    return new Slot(
        nameOf(parameter),
        parameter.getType(),
        parameter.getParameterizedType(),
        preset,
        injectedAs(parameter));
  }

  private static Object preset(Parameter parameter, String text) {
    if (parameter.getType() == String.class) {
      return text;
    }
    try {
      Object value = Json.read(text);
      return value == null ? text : value;
    } catch (Json.Malformed e) {
      return text;
    }
  }

  boolean takes(Class<?> injected) {
    return slots.stream().anyMatch(slot -> slot.type == injected);
  }

  List<String> argumentNames() {
    return slots.stream().filter(slot -> !slot.isInjected()).map(Slot::name).toList();
  }

  Method method() {
    return method;
  }

  /** What of the arguments cannot be turned into the method's parameters. */
  List<String> problems(Map<String, Object> arguments) {
    var problems = new ArrayList<String>();
    for (Slot slot : slots) {
      if (!slot.isInjected()) {
        try {
          bind(slot, arguments);
        } catch (IllegalArgumentException e) {
          problems.add(slot.name + ": cannot be read as " + slot.type.getSimpleName());
        }
      }
    }
    return problems;
  }

  private static @Nullable Object bind(Slot slot, Map<String, Object> arguments) {
    Object value = arguments.get(slot.name);
    if (value == null) {
      value = slot.preset.orElse(null);
    }
    if (value == null && slot.type == Optional.class) {
      return Optional.empty();
    }
    if (value == null && slot.type.isPrimitive()) {
      throw new IllegalArgumentException("missing");
    }
    return value == null ? null : Json.bind(value, slot.generic);
  }

  /** Calls the method; its own exception comes out as it was thrown. */
  @Nullable Object call(Map<String, Object> arguments, Map<Class<?>, Object> injected)
      throws Exception {
    Object[] values = values(arguments, injected);
    try {
      return method.invoke(target, values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Accepted arguments fit, unless the method was changed since. */
  private Object[] values(Map<String, Object> arguments, Map<Class<?>, Object> injected) {
    try {
      return slots.stream()
          .map(slot ->
              slot.isInjected() ? injected.get(slot.injectedAs().get()) : bind(slot, arguments))
          .toArray();
    } catch (IllegalArgumentException e) {
      throw KnownFailure.notSent("arguments", "The recorded arguments fit the method no more.");
    }
  }

  /** A result in the words that a model reads: text as it is, all else as JSON. */
  static String textOf(@Nullable Object result, Class<?> declared) {
    if (declared == void.class || declared == Void.class) {
      return "done";
    }
    return result instanceof String text ? text : Json.write(result);
  }
}
