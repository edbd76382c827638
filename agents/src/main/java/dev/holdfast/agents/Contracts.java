package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Effect contracts by tool name, for tools that cannot be annotated; immutable.
 *
 * <p>The first rule that matches decides; an {@link Effect} annotation goes before every rule.
 */
public final class Contracts {
  /** No rule. */
  static final Contracts NONE = new Contracts(List.of());

  private record Rule(Pattern name, Contract contract) {}

  private final List<Rule> rules;

  private Contracts(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * A table of one rule.
   *
   * @param pattern a tool's name, in which {@code *} stands for any characters
   */
  public static Contracts of(String pattern, Contract contract) {
    return NONE.and(pattern, contract);
  }

  /** The same table with one more rule at its end. */
  public Contracts and(String pattern, Contract contract) {
    var more = new ArrayList<>(rules);
    more.add(new Rule(pattern(pattern), contract));
    return new Contracts(more);
  }

  /** A name in which {@code *} stands for any characters. */
  static Pattern pattern(String text) {
    return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"));
  }

  List<Contract> named() {
    return rules.stream().map(Rule::contract).toList();
  }

  Optional<Contract> of(String tool) {
    return rules.stream()
        .filter(rule -> rule.name.matcher(tool).matches())
        .map(Rule::contract)
        .findFirst();
  }
}
