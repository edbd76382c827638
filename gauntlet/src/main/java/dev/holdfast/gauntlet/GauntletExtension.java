package dev.holdfast.gauntlet;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Makes a test of each schedule. */
final class GauntletExtension implements TestTemplateInvocationContextProvider {
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context
        .getTestMethod()
        .filter(method -> AnnotationSupport.isAnnotated(method, Gauntlet.class))
        .isPresent();
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Gauntlet gauntlet =
        AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Gauntlet.class)
            .orElseThrow();
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    Stream.of(gauntlet.faults()).forEach(group -> faults.addAll(group.faults()));
    if (faults.isEmpty()) {
      throw new ExtensionConfigurationException(
          "@Gauntlet has no faults, so nothing would be tested. Leave faults out for all.");
    }
    Scenario<?> scenario = ReflectionSupport.newInstance(gauntlet.scenario());
    Explorer<?> explorer = Explorer.of(scenario, faults);
    return Stream.concat(
            explorer.single().stream(),
            explorer.combined(gauntlet.combinations(), gauntlet.seed()).stream())
        .map(schedule -> new Invocation(explorer, schedule));
  }

  /** One schedule, played once, when the test is about to begin. */
  private static final class Invocation
      implements TestTemplateInvocationContext,
          ParameterResolver,
          BeforeTestExecutionCallback,
          AfterTestExecutionCallback,
          TestExecutionExceptionHandler {
    private final Explorer<?> explorer;
    private final Schedule schedule;
    private Optional<Object> world = Optional.empty();

    Invocation(Explorer<?> explorer, Schedule schedule) {
      this.explorer = explorer;
      this.schedule = schedule;
    }

    private Object world() {
      Object played = world.orElseGet(() -> explorer.play(schedule));
      world = Optional.of(played);
      return played;
    }

    @Override
    public String getDisplayName(int index) {
      return "[%d] %s".formatted(index, String.join("; ", schedule.text().lines().toList()));
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      return type == Schedule.class || type.isInstance(world());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Schedule.class ? schedule : world();
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
      world();
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
      world.ifPresent(Explorer::close);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable broken)
        throws Throwable {
      throw Explorer.named(broken, schedule);
    }
  }
}
