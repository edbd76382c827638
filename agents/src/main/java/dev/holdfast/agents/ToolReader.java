package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Classifier;
import dev.holdfast.kernel.spi.Transactions;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads tools from users' objects and refuses what would only fail later. */
final class ToolReader {
  private final String agent;
  private final Contracts contracts;
  private final Optional<Transactions<Connection>> transactions;
  private final Classifier classifier;
  private final TreeMap<String, Contract> undeclared = new TreeMap<>();
  private boolean adopting;

  /** What an agent's tools were given as. */
  record Tools(ToolBox methods, List<ToolSource> sources) {}

  ToolReader(
      String agent,
      Contracts contracts,
      Optional<Transactions<Connection>> transactions,
      Classifier classifier) {
    this.agent = agent;
    this.contracts = contracts;
    this.transactions = transactions;
    this.classifier = classifier;
  }

  Tools read(List<Object> objects) {
    var tools = new ArrayList<BoundTool>();
    var sources = new ArrayList<ToolSource>();
    for (Object object : objects) {
      if (object instanceof McpServer server) {
        sources.add(server.source());
        continue;
      }
      List<Method> methods = methods(object.getClass());
      if (methods.isEmpty()) {
        throw new IllegalArgumentException(
            "%s has no method with LangChain4j's @Tool.".formatted(object.getClass().getName()));
      }
      methods.forEach(method -> tool(object, method).ifPresent(tools::add));
    }
    if (!undeclared.isEmpty()) {
      throw new IllegalStateException(Suggestions.table(agent, undeclared));
    }
    var methods = new ToolBox(tools);
    new SourceChecks(agent, methods).check(sources);
    return new Tools(methods, sources);
  }

  /**
   * Reads the tools of an agent that was built elsewhere: what declares nothing is taken for {@code
   * once}, and what LangChain4j's own loop injects is injected.
   */
  List<BoundTool> adopt(Object object) {
    adopting = true;
    var tools = new ArrayList<BoundTool>();
    methods(object.getClass()).forEach(method -> tool(object, method).ifPresent(tools::add));
    return tools;
  }

  /** The tools that declared nothing, each with a guess. */
  SortedMap<String, Contract> undeclared() {
    return undeclared;
  }

  private static List<Method> methods(Class<?> type) {
    var byName = new LinkedHashMap<String, Method>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      Stream.of(each.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(Tool.class))
          .filter(method -> !method.isBridge() && !Modifier.isAbstract(method.getModifiers()))
          .forEach(method -> byName.putIfAbsent(signature(method), method));
    }
    return List.copyOf(byName.values());
  }

  private static String signature(Method method) {
    return method.getName() + List.of(method.getParameterTypes());
  }

  private Optional<BoundTool> tool(Object object, Method method) {
    try {
      return read(object, method);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The tool method %s.%s cannot be used: %s"
              .formatted(
                  method.getDeclaringClass().getSimpleName(), method.getName(), e.getMessage()),
          e);
    }
  }

  private Optional<BoundTool> read(Object object, Method method) {
    ToolSpecification specification = specification(method);
    StepPath.ROOT.child("tool", specification.name(), 0);
    var call = new ToolMethod(object, method);
    var returns = method.getAnnotation(Tool.class).returnBehavior();
    var required = Set.copyOf(specification.parameters().required());
    Optional<Effect> declared = Optional.ofNullable(method.getAnnotation(Effect.class));
    Optional<ToolTerms> terms =
        declared
            .map(effect -> ToolTerms.of(effect, returns, required))
            .or(() -> contracts.of(specification.name()).map(c -> ToolTerms.of(c, returns)));
    if (terms.isEmpty()) {
      undeclared.put(specification.name(), Suggestions.suggest(specification.name(), call));
      if (!adopting) {
        return Optional.empty();
      }
      terms = Optional.of(ToolTerms.undeclared(returns));
    }
    var probe = probe(object, declared);
    ToolTerms complete = terms.get().approved(contracts.approval(specification.name()));
    ToolChecks.check(call, probe, complete, transactions.isPresent());
    return Optional.of(
        new BoundTool(specification, call, probe, complete, transactions, classifier));
  }

  private static Optional<ToolMethod> probe(Object object, Optional<Effect> declared) {
    return declared
        .map(Effect::probe)
        .filter(name -> !name.isEmpty())
        .map(name -> new ToolMethod(object, named(object.getClass(), name)));
  }

  private static Method named(Class<?> type, String name) {
    List<Method> found =
        Stream.of(type.getDeclaredMethods())
            .filter(method -> method.getName().equals(name) && !method.isSynthetic())
            .toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "probe = \"%s\" names %d methods of %s, it must name one."
              .formatted(name, found.size(), type.getSimpleName()));
    }
    return found.getFirst();
  }

  /** LangChain4j's schema of the method without what is injected. */
  private ToolSpecification specification(Method method) {
    if (!adopting) {
      ToolChecks.checkNothingForeign(method);
    }
    ToolChecks.checkParameters(method);
    ToolSpecification full = ToolSpecifications.toolSpecificationFrom(method);
    Set<String> hidden =
        Set.copyOf(
            Stream.of(method.getParameters())
                .filter(ToolMethod::isInjected)
                .map(ToolMethod::nameOf)
                .toList());
    JsonObjectSchema all =
        Optional.ofNullable(full.parameters()).orElseGet(() -> JsonObjectSchema.builder().build());
    var properties = new LinkedHashMap<>(all.properties());
    properties.keySet().removeAll(hidden);
    var required = all.required().stream().filter(name -> !hidden.contains(name)).toList();
    return full.toBuilder()
        .parameters(
            JsonObjectSchema.builder()
                .description(all.description())
                .addProperties(properties)
                .required(required)
                .definitions(all.definitions())
                .build())
        .build();
  }
}
