package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** Tools that somebody else lists and may change at any time. */
interface ToolSource {
  /** What a source offers when an agent is built. */
  record Offer(List<String> names, SortedMap<String, Contract> undeclared) {}

  /** The source's name, unique within an agent. */
  String name();

  /**
   * Asks what there is, so that an agent can be refused.
   *
   * @return nothing where the source is asked at a turn's begin only
   * @throws IllegalStateException where the source cannot be reached
   * @throws IllegalArgumentException where it lists what no agent can use
   */
  Offer offer();

  /** What to do about tools that declare no contract. */
  String remedy(SortedMap<String, Contract> undeclared);

  /**
   * Asks what there is now.
   *
   * @param floor by tool, the contract that the conversation has held it to; none gets a weaker one
   * @param taken names of other tools
   * @throws dev.holdfast.kernel.KnownFailure where the source cannot be reached
   */
  Listing list(Map<String, Contract> floor, Set<String> taken);

  /** Makes a listed tool callable, whatever the source lists by now. */
  AgentTool bind(Listing.Tool tool, String specification);
}
