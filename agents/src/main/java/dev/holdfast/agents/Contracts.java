package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.Approval;
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
  static final Contracts NONE = new Contracts(List.of(), List.of());

  private record Rule(Pattern name, Contract contract) {}

  private record Gate(Pattern name, ToolApproval approval) {}

  private final List<Rule> rules;
  private final List<Gate> gates;

  private Contracts(List<Rule> rules, List<Gate> gates) {
    this.rules = List.copyOf(rules);
    this.gates = List.copyOf(gates);
  }

  /** A table without rules. */
  public static Contracts empty() {
    return NONE;
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
    return new Contracts(more, gates);
  }

  /** The same table; every call of tools with such a name needs an approval before it leaves. */
  public Contracts approve(String pattern, Approval.Terms terms) {
    return approve(pattern, new ApprovalRule.Always(), terms);
  }

  /**
   * The same table; calls of tools with such a name need an approval where the rule says so. The
   * first pattern that matches decides, after what an {@link Effect} annotation declares.
   */
  public Contracts approve(String pattern, ApprovalRule rule, Approval.Terms terms) {
    var more = new ArrayList<>(gates);
    more.add(new Gate(pattern(pattern), new ToolApproval(rule, terms)));
    return new Contracts(rules, more);
  }

  Optional<ToolApproval> approval(String tool) {
    return gates.stream()
        .filter(gate -> gate.name.matcher(tool).matches())
        .map(Gate::approval)
        .findFirst();
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
