package dev.holdfast.store;

import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One method of a service as a workflow: executing it is calling it. */
final class ServiceMethod implements Workflow<ServiceMethod.Arguments, Object> {
  /** What the method is called with. */
  record Arguments(List<@Nullable Object> values) {
    static Arguments of(Object @Nullable [] values) {
      var list = new ArrayList<@Nullable Object>();
      for (Object value : values == null ? new Object[0] : values) {
        list.add(value);
      }
      return new Arguments(list);
    }
  }

  private final String name;
  private final Method method;
  private final Object service;
  private final Set<Class<? extends Exception>> failsOn;

  ServiceMethod(
      String name, Method method, Object service, Set<Class<? extends Exception>> failsOn) {
    this.name = name;
    this.method = method;
    this.service = service;
    this.failsOn = Set.copyOf(failsOn);
    method.setAccessible(true); // the interface may be one that only its package sees
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<Arguments> inputType() {
    return Arguments.class;
  }

  /** The type that the journal's result is read as; what has type arguments is read later. */
  @Override
  @SuppressWarnings("unchecked") // the one place where the method's own type is taken for granted
  public Class<Object> outputType() {
    Class<?> type = method.getReturnType();
    boolean isPlain =
        !type.isPrimitive() && !(method.getGenericReturnType() instanceof ParameterizedType);
    return isPlain ? (Class<Object>) type : Object.class;
  }

  @Override
  public Set<Class<? extends Exception>> failsOn() {
    return failsOn;
  }

  @Override
  @SuppressWarnings("NullAway") // what the method returns may be null, as in a direct call
  public Object execute(Run run, Arguments input) throws Exception {
    try {
      return method.invoke(service, arguments(input));
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case Exception thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case null, default -> throw e;
      }
    }
  }

  private @Nullable Object[] arguments(Arguments input) {
    Type[] types = method.getGenericParameterTypes();
    if (types.length != input.values().size()) {
      throw new IllegalStateException(
          "The run was started with %d arguments, %s takes %d. Register the changed interface under"
                  .formatted(input.values().size(), name, types.length)
              + " another name.");
    }
    var arguments = new @Nullable Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = as(types[i], input.values().get(i));
    }
    return arguments;
  }

  /** The result of a run as the method would have returned it. */
  @Nullable Object result(@Nullable Object read) {
    return method.getReturnType() == void.class ? null : as(method.getGenericReturnType(), read);
  }

  /** What the codec read without knowing the type, as that type. */
  private static @Nullable Object as(Type type, @Nullable Object read) {
    boolean fits = read != null && type instanceof Class<?> plain && plain.isInstance(read);
    JsonCodec codec = JsonCodec.standard();
    return fits ? read : codec.decode(codec.encode(read), type);
  }

  /** What a call that is only taken down returns: null, or the zero of a primitive type. */
  @Nullable Object placeholder() {
    Class<?> type = method.getReturnType();
    return type.isPrimitive() && type != void.class
        ? Array.get(Array.newInstance(type, 1), 0)
        : null;
  }
}
