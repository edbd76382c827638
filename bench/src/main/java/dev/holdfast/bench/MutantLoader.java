package dev.holdfast.bench;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.implementation.StubMethod;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/** Loads the kernel, and what plays on it, anew, with a bug in one class. */
final class MutantLoader extends ClassLoader {
  private static final List<String> ANEW =
      List.of(
          "dev.holdfast.kernel.",
          "dev.holdfast.testing.",
          "dev.holdfast.gauntlet.",
          "dev.holdfast.json.",
          "dev.holdfast.bench.Mutant");

  private final String planted;
  private final byte[] copy;
  private final ClassFileLocator files =
      ClassFileLocator.ForClassLoader.of(MutantLoader.class.getClassLoader());

  MutantLoader(Optional<Mutant> mutant) {
    super(MutantLoader.class.getClassLoader());
    planted = mutant.map(Mutant::type).orElse("");
    copy = mutant.map(this::mutated).orElse(new byte[0]);
  }

  /** Plays on it until a law is broken. */
  Optional<String> play() {
    try {
      Object trial = loadClass(MutantTrial.class.getName()).getConstructor().newInstance();
      Object broken = ((Callable<?>) trial).call();
      return ((Optional<?>) broken).map(String::valueOf);
    } catch (Exception | LinkageError failed) {
      throw new IllegalStateException("The trial itself failed.", failed);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (ANEW.stream().noneMatch(name::startsWith)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : defined(name);
    }
  }

  private Class<?> defined(String name) throws ClassNotFoundException {
    try {
      byte[] bytes = name.equals(planted) ? copy : files.locate(name).resolve();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException | IllegalStateException missing) {
      throw new ClassNotFoundException(name, missing);
    }
  }

  private byte[] mutated(Mutant bug) {
    TypeDescription type = TypePool.Default.of(files).describe(bug.type()).resolve();
    ElementMatcher.Junction<MethodDescription> method =
        ElementMatchers.<MethodDescription>named(bug.method())
            .and(ElementMatchers.takesArguments(bug.parameters()));
    if (type.getDeclaredMethods().filter(method).isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no method %s of %d parameters: plant '%s' elsewhere."
              .formatted(bug.type(), bug.method(), bug.parameters(), bug.name()));
    }
    DynamicType.Builder<?> redefined =
        new ByteBuddy().with(TypeValidation.DISABLED).redefine(type, files);
    return switch (bug.change()) {
      case Mutant.Change.Nothing nothing -> made(redefined, method, StubMethod.INSTANCE);
      case Mutant.Change.Answers answers ->
          made(redefined, method, MethodDelegation.to(answers.by()));
      case Mutant.Change.Advised advised ->
          redefined.visit(Advice.to(advised.by()).on(method)).make().getBytes();
    };
  }

  private static byte[] made(
      DynamicType.Builder<?> redefined,
      ElementMatcher<MethodDescription> method,
      Implementation instead) {
    return redefined.method(method).intercept(instead).make().getBytes();
  }
}
