package dev.holdfast.agents;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tools of an agent, by name.
 *
 * <p>They are sorted: the order of a class's methods differs between starts of a Java runtime, and
 * with it would the request and its digest.
 */
final class ToolBox {
  private final Map<String, AgentTool> tools = new TreeMap<>();
  private final List<ToolSpecification> specifications;
  private final String canonical;

  ToolBox(Collection<? extends AgentTool> all) {
    for (AgentTool tool : all) {
      if (tools.put(tool.name(), tool) != null) {
        throw new IllegalArgumentException(
            "Two tools are named '%s'. Give one another name with @Tool(name = …), or those of an"
                    .formatted(tool.name())
                + " MCP server a prefix with McpServer.Builder.prefix(…).");
      }
    }
    specifications = tools.values().stream().map(AgentTool::specification).toList();
    canonical = Json.write(specifications.stream().map(ToolBox::canonical).toList());
  }

  /** The same tools and these. */
  ToolBox with(Collection<? extends AgentTool> more) {
    var all = new ArrayList<>(tools.values());
    all.addAll(more);
    return new ToolBox(all);
  }

  /** Name, description and schema in a form that does not depend on any order. */
  static Object canonical(ToolSpecification specification) {
    return List.of(
        specification.name(),
        Optional.ofNullable(specification.description()).orElse(""),
        Json.schema(specification.parameters()));
  }

  Optional<AgentTool> find(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  List<String> names() {
    return List.copyOf(tools.keySet());
  }

  List<ToolSpecification> specifications() {
    return specifications;
  }

  /** The schemas in canonical form. */
  String canonical() {
    return canonical;
  }

  @Override
  public String toString() {
    return String.join(", ", tools.keySet());
  }
}
