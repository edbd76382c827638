package dev.holdfast.examples;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * One call of a shop tool.
 *
 * @param id the tool call's id, under which the world's ledger counts it
 * @param tool the tool's name; an unknown one is answered, not refused
 * @param arguments a JSON object as text, as the model wrote it
 */
public record RetailCall(String id, String tool, String arguments) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A call whose arguments are texts and lists of texts, by name. */
  static RetailCall of(String id, String tool, Map<String, Object> arguments) {
    ObjectNode text = JSON.valueToTree(new TreeMap<>(arguments));
    return new RetailCall(id, tool, text.toString());
  }

  /** Whether the tool may change the shop, so that its ledger counts the call. */
  public boolean isWriting() {
    return RetailTool.named(tool).filter(RetailTool::writes).isPresent();
  }

  /** Whether both ask the same tool for the same, whoever calls. */
  public boolean asksFor(RetailCall other) {
    return tool.equals(other.tool) && RetailArguments.same(arguments, other.arguments);
  }
}
