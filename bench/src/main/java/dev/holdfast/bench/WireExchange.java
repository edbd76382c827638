package dev.holdfast.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * One recorded request with its answer.
 *
 * @param name the recording and the place in it
 * @param endpoint whose it was
 * @param path the request's path
 * @param request its JSON body
 * @param status the answer's status
 * @param headers the answer's headers that were kept
 * @param body the answer's body as text
 * @param isStream whether the body is a stream of events
 */
record WireExchange(
    String name,
    String endpoint,
    String path,
    JsonNode request,
    int status,
    Map<String, String> headers,
    String body,
    boolean isStream) {
  /** Copies the headers. */
  WireExchange {
    headers = Map.copyOf(headers);
  }

  /** How LangChain4j speaks to that endpoint; empty where it cannot. */
  Optional<WireProtocol> protocol() {
    return endpoint.startsWith("bedrock") ? Optional.empty() : WireProtocol.ofPath(path);
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
