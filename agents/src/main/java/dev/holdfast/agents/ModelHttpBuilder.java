package dev.holdfast.agents;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Hands a client of LangChain4j our {@link ModelHttp}; its timeouts are not the client's to set.
 */
final class ModelHttpBuilder implements HttpClientBuilder {
  private static final Duration CONNECT_TIMEOUT_MAX = Duration.ofSeconds(15);

  private final Duration deadline;

  ModelHttpBuilder(Duration deadline) {
    this.deadline = deadline;
  }

  @Override
  public Duration connectTimeout() {
    return deadline.compareTo(CONNECT_TIMEOUT_MAX) < 0 ? deadline : CONNECT_TIMEOUT_MAX;
  }

  @Override
  public HttpClientBuilder connectTimeout(Duration ignored) {
    return this;
  }

  @Override
  public Duration readTimeout() {
    return deadline;
  }

  @Override
  public HttpClientBuilder readTimeout(Duration ignored) {
    return this;
  }

  @Override
  public HttpClient build() {
    return new ModelHttp(connectTimeout(), deadline, InstantSource.system());
  }
}
