package dev.holdfast.agents;

import dev.holdfast.kernel.KnownFailure;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * LangChain4j's HTTP client for calls of models: one request per call, one deadline over the whole
 * of it, body included; a refusal keeps its {@code Retry-After} and loses its text.
 *
 * <p>Streams are read on the caller's thread.
 */
final class ModelHttp implements HttpClient {
  private final java.net.http.HttpClient client;
  private final Duration deadline;
  private final InstantSource clock;

  ModelHttp(Duration connectTimeout, Duration deadline, InstantSource clock) {
    this.client = java.net.http.HttpClient.newBuilder().connectTimeout(connectTimeout).build();
    this.deadline = deadline;
    this.clock = clock;
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    try (var call = new Call(request)) {
      byte[] body = call.body.readAllBytes();
      var data = ReplyData.of(new String(body, StandardCharsets.UTF_8));
      if (data.error().isPresent()) {
        throw ServerRefusal.within(data.error().get());
      }
      if (!data.isJson()) {
        throw KnownFailure.unknown("no-json", "The model's server answered 200 without JSON.");
      }
      return call.head(ToolCallTypes.filledIn(body));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    var watch = new StreamWatch(listener);
    try (var call = new Call(request)) {
      watch.onOpen(call.head(null));
      parser.parse(call.body, watch);
      call.check();
      watch.onClose();
    } catch (IOException broken) {
      watch.onError(broken);
    } catch (RuntimeException failed) {
      watch.onError(failed);
    }
  }

  /** One call; its body stops at the deadline. */
  private final class Call implements AutoCloseable {
    private final long endNanos = System.nanoTime() + deadline.toNanos();
    private final HttpResponse<InputStream> response;
    private final InputStream body;
    private final CompletableFuture<Void> alarm;

    Call(HttpRequest request) throws IOException {
      response = answer(jdkRequest(request));
      body = new BoundedStream(response.body(), endNanos);
      var later =
          CompletableFuture.delayedExecutor(
              Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
      alarm = CompletableFuture.runAsync(this::closeBody, later);
      if (response.statusCode() / 100 != 2) {
        throw refusal();
      }
    }

    private HttpResponse<InputStream> answer(java.net.http.HttpRequest request) throws IOException {
      var sent = client.sendAsync(request, BodyHandlers.ofInputStream());
      try {
        return sent.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (java.util.concurrent.TimeoutException late) {
        sent.cancel(true);
        throw late();
      } catch (InterruptedException stopped) {
        sent.cancel(true);
        Thread.currentThread().interrupt();
        throw KnownFailure.unknown("interrupted", "The model call was interrupted.");
      } catch (ExecutionException failed) {
        if (failed.getCause() instanceof IOException broken) {
          throw broken;
        }
        throw new IllegalStateException("The model call failed.", failed.getCause());
      }
    }

    private ServerRefusal refusal() {
      var headers = response.headers();
      return new ServerRefusal(
          response.statusCode(),
          ErrorBody.read(refusalText()),
          headers.firstValue("Retry-After").flatMap(this::retryAfter));
    }

    /** The status says enough where the text breaks off. */
    private String refusalText() {
      try (body) {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException | TimeoutException broken) {
        return "";
      } finally {
        alarm.cancel(false);
      }
    }

    private Optional<Duration> retryAfter(String header) {
      return RetryAfter.read(header, clock.instant());
    }

    SuccessfulHttpResponse head(byte @org.jspecify.annotations.Nullable [] whole) {
      return SuccessfulHttpResponse.builder()
          .statusCode(response.statusCode())
          .headers(response.headers().map())
          .body(whole)
          .build();
    }

    /** Throws where the body ended because the deadline came. */
    void check() {
      if (System.nanoTime() - endNanos >= 0) {
        throw late();
      }
    }

    private TimeoutException late() {
      return new TimeoutException("The model's server took longer than %s.".formatted(deadline));
    }

    private void closeBody() {
      try {
        response.body().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      alarm.cancel(false);
      body.close();
    }
  }

  private static java.net.http.HttpRequest jdkRequest(HttpRequest request) {
    URI uri = URI.create(request.url());
    var built = java.net.http.HttpRequest.newBuilder(uri);
    if ("http".equalsIgnoreCase(uri.getScheme())) {
      // Some servers of models stumble over the offer to upgrade to HTTP/2.
      built.version(java.net.http.HttpClient.Version.HTTP_1_1);
    }
    request.headers().forEach((name, values) -> values.forEach(each -> built.header(name, each)));
    String body = request.body();
    return built
        .method(
            request.method().name(),
            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .build();
  }
}
