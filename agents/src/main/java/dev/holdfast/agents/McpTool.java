package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.Limits;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tool of an MCP server as a turn knows it.
 *
 * @param digest of what the model was shown; the server must still list that when the call leaves
 */
record McpTool(McpSource source, ToolSpecification specification, ToolTerms terms, String digest)
    implements AgentTool {
  @Override
  public List<String> problems(Map<String, Object> arguments) {
    return SchemaCheck.problems(specification.parameters(), arguments);
  }

  @Override
  public Effect<Map<String, Object>, String> effect(CallSite site, Map<String, Object> arguments) {
    var effect =
        withContract()
            .kind("tool")
            .onDoubt(terms.onDoubt())
            .classify(new ToolFailures(List.of(), McpFailures::known));
    if (terms.timeout().isPresent()) {
      effect = effect.timeout(terms.timeout().get());
    }
    if (terms.attemptsMax() > 0) {
      effect = effect.retry(Limits.DEFAULT.retry().attempts(terms.attemptsMax()));
    }
    return terms.validFor().isPresent() ? effect.validFor(terms.validFor().get()) : effect;
  }

  private Effect<Map<String, Object>, String> withContract() {
    return switch (terms.contract()) {
      case READ -> Effect.read(String.class, input -> call(input, Optional.empty()));
      case IDEMPOTENT -> Effect.idempotent(String.class, input -> call(input, Optional.empty()));
      case KEYED -> Effect.keyed(String.class, (key, input) -> call(input, Optional.of(key)));
      case ONCE -> Effect.once(String.class, (key, input) -> call(input, Optional.of(key)));
      case TRANSACTIONAL, VERIFIED ->
          throw new IllegalStateException(
              "An MCP tool cannot be %s, but '%s' is recorded so."
                  .formatted(terms.contract(), name()));
    };
  }

  private String call(Map<String, Object> arguments, Optional<IdempotencyKey> key) {
    McpConnection connection = source.connection();
    McpCatalog.Tool now = unchanged(connection);
    return connection.call(now.ownName(), arguments, key);
  }

  /**
   * The tool as its server lists it now, where that is what the model was shown and what the
   * contract was declared for.
   */
  private McpCatalog.Tool unchanged(McpConnection connection) {
    Optional<McpCatalog.Tool> now = connection.catalog().find(name());
    boolean isSame =
        now.isPresent()
            && now.get().digest().equals(digest)
            && now.get()
                .contract()
                .filter(each -> !McpContracts.isWeaker(contract(), each))
                .isPresent();
    if (isSame) {
      return now.get();
    }
    String what = "MCP server '%s' changed or removed it.".formatted(source.name());
    throw nothingHappened()
        ? KnownFailure.rejected(Told.OUTDATED, what)
        : KnownFailure.unknown(Told.OUTDATED, what);
  }

  /** An earlier attempt may have had its effect; that this one does not leave settles nothing. */
  private boolean nothingHappened() {
    return contract() == Contract.READ
        || Effect.attempt().map(Effect.Attempt::number).orElse(1) == 1;
  }
}
