package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.DoubtPolicy;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.agent.tool.ReturnBehavior;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An MCP server as a source of tools. */
final class McpSource implements ToolSource {
  private final McpSettings settings;
  private final McpLink link;

  McpSource(McpSettings settings) {
    this.settings = settings;
    this.link = new McpLink(settings);
  }

  @Override
  public String name() {
    return settings.name();
  }

  McpConnection connection() {
    return link.connection();
  }

  void close() {
    link.close();
  }

  @Override
  public Offer offer() {
    if (settings.lazy()) {
      return new Offer(List.of(), new TreeMap<>());
    }
    McpCatalog catalog;
    try {
      catalog = connection().catalog();
    } catch (KnownFailure down) {
      throw new IllegalStateException(
          "MCP server '%s' cannot be used: %s Remove the cause, or call connectLazily() to build"
                  .formatted(name(), down.failure().message())
              + " agents without it; runs then wait for it.",
          down);
    }
    if (!catalog.unusable().isEmpty()) {
      throw new IllegalArgumentException(unusable(catalog.unusable()));
    }
    var undeclared = new TreeMap<String, Contract>();
    catalog.tools().stream()
        .filter(tool -> tool.contract().isEmpty())
        .forEach(tool -> undeclared.put(tool.ownName(), tool.suggestion()));
    List<String> names = catalog.tools().stream().map(tool -> tool.specification().name()).toList();
    return new Offer(names, undeclared);
  }

  private String unusable(List<Listing.Withheld> unusable) {
    String reasons =
        unusable.stream()
            .limit(10)
            .map(each -> "'%s': %s".formatted(each.name(), each.reason()))
            .collect(Collectors.joining("; "));
    return "MCP server '%s' lists %d tools that no agent can use. Leave them out with only(…). %s."
        .formatted(name(), unusable.size(), reasons);
  }

  @Override
  public String remedy(SortedMap<String, Contract> undeclared) {
    return Suggestions.serverTable(name(), undeclared);
  }

  @Override
  public Listing list(Map<String, Contract> floor, Set<String> taken) {
    McpCatalog catalog = connection().catalog();
    var tools = new ArrayList<Listing.Tool>();
    var withheld = new ArrayList<>(catalog.unusable());
    for (McpCatalog.Tool tool : catalog.tools()) {
      String name = tool.specification().name();
      if (taken.contains(name)) {
        withheld.add(new Listing.Withheld(name(), name, "another tool has that name"));
      } else if (tool.contract().isEmpty()) {
        withheld.add(new Listing.Withheld(name(), name, "nobody declared its contract"));
      } else {
        tools.add(listed(tool, tool.contract().get(), floor));
      }
    }
    return new Listing(tools, withheld);
  }

  private Listing.Tool listed(
      McpCatalog.Tool tool, Contract declared, Map<String, Contract> floor) {
    String name = tool.specification().name();
    Contract held = floor.getOrDefault(name, declared);
    return new Listing.Tool(
        name(),
        name,
        McpContracts.stricter(held, declared),
        tool.digest(),
        Optional.of(tool.specification().toJson()));
  }

  @Override
  public AgentTool bind(Listing.Tool tool, String specification) {
    var terms =
        new ToolTerms(
            tool.contract(),
            Optional.empty(),
            Optional.of(settings.attemptTimeout()),
            settings.attemptsMax(),
            Optional.empty(),
            tool.contract() == Contract.KEYED ? settings.keysValidFor() : Optional.empty(),
            DoubtPolicy.ASK,
            List.of(),
            List.of(),
            ReturnBehavior.TO_LLM,
            settings.contracts().approval(tool.name().substring(settings.prefix().length())));
    return new McpTool(this, ToolSpecification.fromJson(specification), terms, tool.digest());
  }
}
