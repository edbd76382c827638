package dev.holdfast.agents;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the sources of an agent's tools must hold to before the agent is built. */
final class SourceChecks {
  private final String agent;
  private final Set<String> sources = new HashSet<>();
  private final Map<String, String> ownerOf = new HashMap<>();

  SourceChecks(String agent, ToolBox methods) {
    this.agent = agent;
    methods.names().forEach(name -> ownerOf.put(name, "a Java method"));
  }

  void check(List<ToolSource> all) {
    all.forEach(this::check);
  }

  private void check(ToolSource source) {
    if (!sources.add(source.name())) {
      throw new IllegalArgumentException(
          "Agent '%s' has two MCP servers that are named '%s'. Rename one."
              .formatted(agent, source.name()));
    }
    ToolSource.Offer offer = source.offer();
    if (!offer.undeclared().isEmpty()) {
      throw new IllegalStateException(source.remedy(offer.undeclared()));
    }
    offer.names().forEach(name -> own(name, "MCP server '%s'".formatted(source.name())));
  }

  private void own(String tool, String owner) {
    String other = ownerOf.putIfAbsent(tool, owner);
    if (other != null) {
      throw new IllegalArgumentException(
          "Agent '%s' gets a tool '%s' from %s and from %s. Give the server's tools a prefix with"
                  .formatted(agent, tool, other, owner)
              + " McpServer.Builder.prefix(…), or leave one out with only(…).");
    }
  }
}
