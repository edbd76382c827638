package dev.holdfast.agents;

import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.exception.ToolArgumentsException;
import dev.langchain4j.exception.ToolExecutionException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Classifies what LangChain4j's MCP client throws.
 *
 * <p>Codes follow JSON-RPC 2.0, section 5.1: -32700 and -32600 to -32602 say that the request was
 * not carried out; every other code leaves that open.
 */
final class McpFailures {
  private static final Pattern STATUS = Pattern.compile("Unexpected status code: (\\d{3})");
  private static final String BROKEN = "Operation cancelled due to transport failure";
  private static final String LEFT_OUT = "The server's text is left out.";

  private McpFailures() {}

  static Optional<Failure> known(Throwable cause) {
    return switch (cause) {
      case KnownFailure known -> Optional.of(known.failure());
      case ToolArgumentsException refused ->
          Optional.of(new Failure.Rejected("invalid-arguments", LEFT_OUT));
      case ToolExecutionException answered when answered.errorCode() != null ->
          Optional.of(ofCode(answered.errorCode()));
      case RuntimeException other -> ofText(Objects.requireNonNullElse(other.getMessage(), ""));
      default -> Optional.empty();
    };
  }

  private static Failure ofCode(int code) {
    return switch (code) {
      case -32700, -32600, -32601, -32602 -> new Failure.Rejected("rpc" + code, LEFT_OUT);
      default -> new Failure.Unknown("rpc" + code, LEFT_OUT);
    };
  }

  /** LangChain4j's transports tell some things in the message only. */
  private static Optional<Failure> ofText(String message) {
    if (message.startsWith(BROKEN)) {
      return Optional.of(new Failure.Unknown("connection-lost", "The connection ended."));
    }
    Matcher status = STATUS.matcher(message);
    if (!status.matches()) {
      return Optional.empty();
    }
    String code = "http-" + status.group(1);
    return Optional.of(
        switch (status.group(1)) {
          case "400", "401", "403", "405", "406", "413", "415" ->
              new Failure.Rejected(code, LEFT_OUT);
          case "429" -> new Failure.Transient(code, LEFT_OUT, Optional.empty());
          default -> new Failure.Unknown(code, LEFT_OUT);
        });
  }
}
