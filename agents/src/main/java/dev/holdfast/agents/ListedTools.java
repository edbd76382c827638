package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the sources of a conversation's tools listed so far.
 *
 * <p>Each turn asks once and keeps to the answer; it is a journaled read. A source that cannot be
 * reached is asked again until it can, for hours; the run waits without a thread.
 */
final class ListedTools {
  private static final RetryPolicy PATIENT = RetryPolicy.DEFAULT.attempts(1_000);
  private static final Duration LISTING_MAX = Duration.ofMinutes(2);

  private final Blueprint agent;
  private final Map<String, Contract> floor = new HashMap<>();
  private final Map<String, String> specifications = new HashMap<>();

  ListedTools(Blueprint agent) {
    this.agent = agent;
  }

  /** The agent with the tools that there are from here on. */
  Blueprint ask(Run turn) {
    if (agent.sources().isEmpty()) {
      return agent;
    }
    List<String> names = agent.sources().stream().map(ToolSource::name).toList();
    Effect<List<String>, Listing> listing =
        Effect.<List<String>, Listing>read(Listing.class, asked -> list())
            .kind("mcp")
            .timeout(LISTING_MAX)
            .retry(PATIENT)
            .onMismatch(Effect.OnMismatch.RECORD)
            .classify(new ToolFailures(List.of(), McpFailures::known));
    Listing listed = turn.effect("tools", names, listing);
    listed.tools().forEach(this::remember);
    return agent.with(agent.tools().with(listed.tools().stream().flatMap(this::bind).toList()));
  }

  private Listing list() {
    var tools = new ArrayList<Listing.Tool>();
    var withheld = new ArrayList<Listing.Withheld>();
    var taken = new HashSet<>(agent.tools().names());
    for (ToolSource source : agent.sources()) {
      Listing listed = source.list(floor, taken);
      listed.tools().forEach(tool -> taken.add(tool.name()));
      listed.tools().stream().map(this::shortened).forEach(tools::add);
      withheld.addAll(listed.withheld());
    }
    return new Listing(tools, withheld);
  }

  private Listing.Tool shortened(Listing.Tool tool) {
    return specifications.containsKey(tool.digest()) ? tool.withoutSpecification() : tool;
  }

  private void remember(Listing.Tool tool) {
    floor.put(tool.name(), tool.contract());
    tool.specification().ifPresent(text -> specifications.put(tool.digest(), text));
  }

  private Stream<AgentTool> bind(Listing.Tool tool) {
    if (agent.tools().find(tool.name()).isPresent()) {
      return Stream.empty(); // a Java method took its place since
    }
    String specification = Objects.requireNonNull(specifications.get(tool.digest()));
    Optional<ToolSource> source =
        agent.sources().stream().filter(each -> each.name().equals(tool.source())).findFirst();
    return source.map(each -> each.bind(tool, specification)).stream();
  }
}
