package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import java.sql.Connection;
import java.util.Locale;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Contracts that the names of undeclared tools suggest, ready to paste. */
final class Suggestions {
  private static final Pattern READS =
      Pattern.compile(
          "(find|get|list|search|look|read|show|count|check|calculate|think|describe|query|fetch)"
              + ".*");
  private static final Pattern SETS = Pattern.compile("(set|put|mark|replace).*");

  private Suggestions() {}

  static Contract suggest(String name, ToolMethod method) {
    if (method.takes(Connection.class)) {
      return Contract.TRANSACTIONAL;
    }
    if (method.takes(IdempotencyKey.class)) {
      return Contract.KEYED;
    }
    return suggest(name);
  }

  /** What the name alone suggests. */
  static Contract suggest(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (READS.matcher(lower).matches()) {
      return Contract.READ;
    }
    return SETS.matcher(lower).matches() ? Contract.IDEMPOTENT : Contract.ONCE;
  }

  static String table(String agent, SortedMap<String, Contract> undeclared) {
    return """
    %d tool%s of agent '%s' declare%s no contract: nobody can know what a repeat would do.
    Annotate each with @Effect, or correct this table, guessed from names, and paste it:

      .contracts(Contracts.of%s)
    """
        .formatted(
            undeclared.size(),
            undeclared.size() == 1 ? "" : "s",
            agent,
            undeclared.size() == 1 ? "s" : "",
            rules(undeclared));
  }

  static String adoptedTable(String agent, SortedMap<String, Contract> undeclared) {
    return table(agent, undeclared)
        + "Until then nothing repeats them: after a crash the model is told that the outcome is"
        + " unknown, and the run completes only once a person has said what happened.";
  }

  private static String rules(SortedMap<String, Contract> undeclared) {
    return undeclared.entrySet().stream()
        .map(each -> "(\"%s\", Contract.%s)".formatted(each.getKey(), each.getValue()))
        .collect(Collectors.joining("\n        .and"));
  }

  static String serverTable(String server, SortedMap<String, Contract> undeclared) {
    return """
    MCP server '%s' lists %d tool%s whose contract nobody declared: nobody can know what a repeat \
    would do. Correct this table, guessed from the server's annotations and from names, and paste \
    it; KEYED fits where the server honours the key that we send it:

      McpServer.named("%s")
        .contracts(Contracts.of%s)

    Or leave tools out with only(…), or believe the server's annotations with trustAnnotations().
    """
        .formatted(
            server,
            undeclared.size(),
            undeclared.size() == 1 ? "" : "s",
            server,
            rules(undeclared));
  }
}
