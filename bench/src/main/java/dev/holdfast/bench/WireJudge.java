package dev.holdfast.bench;

import dev.holdfast.agents.HostedModel;
import dev.holdfast.bench.WireServer.Answer;
import dev.holdfast.journal.Failure;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Plays exchanges to the clients of LangChain4j, and compares what they understood. */
final class WireJudge {
  private static final int DEPTH_MAX = 20;
  private static final int REASON_CHARACTERS = 90;

  private final WireServer server;
  private final WireProtocol.Clients clients;
  private int requestsWrong;

  WireJudge(WireServer server, WireProtocol.Clients clients) {
    this.server = server;
    this.clients = clients;
  }

  /** Calls for which the server saw none or several requests. */
  int requestsWrong() {
    return requestsWrong;
  }

  WireVerdict judge(WireExchange exchange) {
    return exchange
        .protocol()
        .map(protocol -> judge(exchange, protocol))
        .orElseGet(WireVerdict.Skipped::new);
  }

  private WireVerdict judge(WireExchange exchange, WireProtocol protocol) {
    ChatRequest request = WireRequest.of(protocol, exchange.request());
    WireServer.Place place = server.place(Answer.whole(exchange));
    String url = protocol.baseUrl(place.url(), exchange.path());
    Heard heard = Heard.of(() -> clients.client(protocol, url, exchange.isStream()).chat(request));
    if (place.takeRequests() != 1) {
      requestsWrong++;
    }
    return switch (WireExpected.of(exchange, protocol)) {
      case WireExpected.Refusal refusal -> refused(refusal.kind(), heard);
      case WireExpected.Reply reply -> {
        Optional<String> fault = heard.fault(reply.reply());
        if (fault.isEmpty()) {
          yield new WireVerdict.Equal();
        }
        Heard plain = Heard.of(() -> WirePlain.ask(protocol, url, exchange.isStream(), request));
        yield attributed(reply.reply(), heard, plain);
      }
    };
  }

  private static WireVerdict refused(WireExpected.Kind kind, Heard heard) {
    if (heard.thrown().isEmpty()) {
      return new WireVerdict.Misclassified("%s was taken for a reply".formatted(kind));
    }
    Failure failure = HostedModel.failures().classify(heard.thrown().get()).orElseThrow();
    return kind.fits(failure)
        ? new WireVerdict.Equal()
        : new WireVerdict.Misclassified(
            "%s was taken for %s %s"
                .formatted(kind, failure.getClass().getSimpleName(), failure.code()));
  }

  /** A fault is the library's where its bare client has one of the same sort. */
  private static WireVerdict attributed(WireReply expected, Heard ours, Heard plain) {
    String fault = ours.fault(expected).orElseThrow();
    Optional<String> theirs = plain.fault(expected);
    boolean bothThrow = ours.thrown().isPresent() && plain.thrown().isPresent();
    if (theirs.isPresent() && (bothThrow || theirs.get().equals(fault))) {
      return new WireVerdict.LibraryError(theirs.get());
    }
    return new WireVerdict.ParseError(
        "%s; LangChain4j alone: %s".formatted(fault, theirs.orElse("as recorded")));
  }

  /** What a client made of an answer: the one or the other. */
  record Heard(Optional<WireReply> reply, Optional<Throwable> thrown) {
    static Heard of(Callable<ChatResponse> call) {
      try {
        return new Heard(Optional.of(WireReply.of(call.call())), Optional.empty());
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("The workload was interrupted.", stopped);
      } catch (Exception thrown) {
        return new Heard(Optional.empty(), Optional.of(thrown));
      }
    }

    /** In what it differs from what the raw form says; empty where in nothing. */
    Optional<String> fault(WireReply expected) {
      if (thrown.isPresent()) {
        return Optional.of(reason(thrown.get()));
      }
      List<String> differences = expected.differences(reply.orElseThrow());
      return differences.isEmpty()
          ? Optional.empty()
          : Optional.of("reads otherwise: " + String.join(", ", differences));
    }

    private static String reason(Throwable thrown) {
      Throwable root = thrown;
      for (int depth = 0; depth < DEPTH_MAX && root.getCause() != null; depth++) {
        root = root.getCause();
      }
      String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
      String shown = message.substring(0, Math.min(message.length(), REASON_CHARACTERS));
      return "%s: %s".formatted(root.getClass().getSimpleName(), shown);
    }
  }
}
