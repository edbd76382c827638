package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.mcp.client.McpToolMetadataKeys;
import java.util.Map;
import java.util.Optional;

/**
 * Contracts of tools that are not Java methods.
 *
 * <p>An annotation is the word of the server that benefits from being believed, so it decides only
 * where the server is trusted; else it is a suggestion to a person.
 */
final class McpContracts {
  private McpContracts() {}

  /**
   * The contract of a tool; empty where nobody declared it.
   *
   * @param tool as its server lists it
   */
  static Optional<Contract> of(ToolSpecification tool, Contracts table, boolean trusted) {
    return table.of(tool.name()).or(() -> trusted ? annotated(tool) : Optional.empty());
  }

  /** What the annotations say by the protocol's defaults: a tool without any may do harm. */
  private static Optional<Contract> annotated(ToolSpecification tool) {
    return Optional.of(hinted(tool).orElse(Contract.ONCE));
  }

  private static Optional<Contract> hinted(ToolSpecification tool) {
    boolean reads = hint(tool, McpToolMetadataKeys.READ_ONLY_HINT);
    boolean destroys = hint(tool, McpToolMetadataKeys.DESTRUCTIVE_HINT);
    if (reads && !destroys) {
      return Optional.of(Contract.READ);
    }
    return hint(tool, McpToolMetadataKeys.IDEMPOTENT_HINT) && !reads
        ? Optional.of(Contract.IDEMPOTENT)
        : Optional.empty();
  }

  private static boolean hint(ToolSpecification tool, String name) {
    Map<String, Object> metadata = tool.metadata();
    return metadata != null && Boolean.TRUE.equals(metadata.get(name));
  }

  /** What a person may declare: the annotations' word, else a guess from the name. */
  static Contract suggest(ToolSpecification tool) {
    Map<String, Object> metadata = tool.metadata();
    boolean isAnnotated =
        metadata != null
            && (metadata.containsKey(McpToolMetadataKeys.READ_ONLY_HINT)
                || metadata.containsKey(McpToolMetadataKeys.IDEMPOTENT_HINT)
                || metadata.containsKey(McpToolMetadataKeys.DESTRUCTIVE_HINT));
    return isAnnotated ? hinted(tool).orElse(Contract.ONCE) : Suggestions.suggest(tool.name());
  }

  /** The one of two contracts that allows less to be repeated. */
  static Contract stricter(Contract one, Contract other) {
    return strictness(one) >= strictness(other) ? one : other;
  }

  static boolean isWeaker(Contract one, Contract other) {
    return strictness(one) < strictness(other);
  }

  private static int strictness(Contract contract) {
    return switch (contract) {
      case READ -> 0;
      case IDEMPOTENT -> 1;
      case KEYED -> 2;
      case TRANSACTIONAL, VERIFIED -> 3;
      case ONCE -> 4;
    };
  }
}
