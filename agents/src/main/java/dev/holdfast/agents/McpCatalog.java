package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The tools that a server lists at one moment, as far as they can be used.
 *
 * <p>Everything in it was written by the server: it is bounded, and what breaks a bound is unusable
 * by name and reason, never in silence.
 */
final class McpCatalog {
  static final int TOOLS_MAX = 256;
  static final int SPECIFICATION_CHARACTERS_MAX = 64 << 10;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /**
   * A tool that can be used.
   *
   * @param specification with the name that the model sees
   * @param ownName the name that the server knows
   * @param contract empty where nobody declared one
   */
  record Tool(
      ToolSpecification specification,
      String ownName,
      Optional<Contract> contract,
      Contract suggestion,
      String digest) {}

  private final McpSettings settings;
  private final Map<String, Tool> tools = new TreeMap<>();
  private final List<Listing.Withheld> unusable = new ArrayList<>();

  private McpCatalog(McpSettings settings) {
    this.settings = settings;
  }

  static McpCatalog of(McpSettings settings, List<ToolSpecification> listed) {
    var catalog = new McpCatalog(settings);
    listed.stream().filter(each -> settings.admits(each.name())).forEach(catalog::add);
    return catalog;
  }

  private void add(ToolSpecification listed) {
    String name = settings.prefix() + listed.name();
    Optional<String> problem = problem(name, listed);
    if (problem.isPresent()) {
      unusable.add(new Listing.Withheld(settings.name(), Told.word(name), problem.get()));
      return;
    }
    var shown =
        ToolSpecification.builder()
            .name(name)
            .description(Objects.requireNonNullElse(listed.description(), ""))
            .parameters(listed.parameters())
            .build();
    tools.put(
        name,
        new Tool(
            shown,
            listed.name(),
            McpContracts.of(listed, settings.contracts(), settings.trusted()),
            McpContracts.suggest(listed),
            Json.digest(Json.write(ToolBox.canonical(shown)))));
  }

  private Optional<String> problem(String name, ToolSpecification listed) {
    if (!NAME.matcher(name).matches()) {
      return Optional.of("its name is not 1 to 64 letters, digits, '_', '-' or '.'");
    }
    if (tools.containsKey(name)) {
      return Optional.of("the server lists the name twice");
    }
    if (listed.parameters() == null) {
      return Optional.of("it has no schema of its arguments");
    }
    int size = listed.toBuilder().metadata(Map.of()).build().toJson().length();
    if (size > SPECIFICATION_CHARACTERS_MAX) {
      return Optional.of(
          "description and schema have %,d characters, %,d are allowed"
              .formatted(size, SPECIFICATION_CHARACTERS_MAX));
    }
    return tools.size() < TOOLS_MAX
        ? Optional.empty()
        : Optional.of("%d tools are allowed; choose with only(…)".formatted(TOOLS_MAX));
  }

  Optional<Tool> find(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  List<Tool> tools() {
    return List.copyOf(tools.values());
  }

  List<Listing.Withheld> unusable() {
    return List.copyOf(unusable);
  }
}
