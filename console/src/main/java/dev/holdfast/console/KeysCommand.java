package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.store.Retention;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells by which keys a store's data is kept, and has all of it wrapped by the current one. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Count what is wrapped by which key, or wrap all of it by the current one.")
final class KeysCommand extends RetentionCommand {
  /** What is done with the keys. */
  enum Deed {
    LIST,
    ROTATE
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "list|rotate",
      description = "rotate: wrap every key by the first one of HOLDFAST_KEYS (default: list).")
  private Deed deed = Deed.LIST;

  KeysCommand(Shell shell) {
    super(shell);
  }

  @Override
  Done act(Retention retention) {
    ObjectNode json = Json.object();
    String done = "";
    if (deed == Deed.ROTATE) {
      int wrapped = retention.rotateKeys();
      json.put("wrapped", wrapped);
      done = "Wrapped %s anew. ".formatted(Phrases.count(wrapped, "key"));
    }
    Map<String, Integer> keys = retention.keys();
    ObjectNode counts = json.putObject("keys");
    keys.forEach(counts::put);
    return new Done(done + told(keys), json);
  }

  private static String told(Map<String, Integer> keys) {
    if (keys.isEmpty()) {
      return "The store is not encrypted.";
    }
    var told = new StringBuilder("Needed to read the store:");
    keys.forEach((name, count) ->
        told.append(" '%s' (wraps %s)".formatted(name, Phrases.count(count, "key"))));
    return told.append('.').toString();
  }
}
