package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import java.util.List;
import java.util.Optional;

/**
 * The tools of an agent's sources as one turn knows them; journaled, so that a replay sees the same
 * whatever the sources list by then.
 *
 * @param tools what the model may call
 * @param withheld what it is not shown
 */
record Listing(List<Tool> tools, List<Withheld> withheld) {
  /** Copies the lists. */
  Listing {
    tools = List.copyOf(tools);
    withheld = List.copyOf(withheld);
  }

  /**
   * A tool that the model may call.
   *
   * @param source who lists it
   * @param name the name that the model is shown
   * @param contract what a repeat of it is taken to do
   * @param digest of name, description and schema
   * @param specification what the model is shown, as JSON; left out where the conversation's
   *     earlier listings hold it under the same digest
   */
  record Tool(
      String source,
      String name,
      Contract contract,
      String digest,
      Optional<String> specification) {
    Tool withoutSpecification() {
      return new Tool(source, name, contract, digest, Optional.empty());
    }
  }

  /** A tool that the model is not shown, and why. */
  record Withheld(String source, String name, String reason) {}
}
