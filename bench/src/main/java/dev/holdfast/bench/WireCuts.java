package dev.holdfast.bench;

import dev.holdfast.agents.Agent;
import dev.holdfast.agents.Budget;
import dev.holdfast.agents.ToolCall;
import dev.holdfast.bench.WireReply.Call;
import dev.holdfast.bench.WireServer.Answer;
import dev.holdfast.bench.WireServer.End;
import dev.holdfast.bench.WireServer.Place;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Limits;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.testing.InMemoryJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Plays one recorded stream to an agent, whole and cut off at every event and amid every event,
 * with a broken connection and with a clean end. The agent's tools count what they are called with.
 */
final class WireCuts {
  private static final Outcome<Boolean> NO_REPLY = new Outcome.Completed<>(false);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * What came of a stream.
   *
   * @param cuts how often it was played cut off
   * @param refused how many of those the agent took for no reply
   * @param callsWhole tool calls of the whole stream that were executed
   * @param callsPartial executed tool calls that are none of the whole stream's
   * @param requestsWrong plays for which the server saw none or several requests
   */
  record Result(int cuts, int refused, int callsWhole, int callsPartial, int requestsWrong) {}

  private final WireExchange exchange;
  private final List<Call> whole;
  private final Set<Call> executed = new HashSet<>();
  private int partial;
  private int requestsWrong;

  private WireCuts(WireExchange exchange, List<Call> whole) {
    this.exchange = exchange;
    this.whole = whole;
  }

  static Result play(
      WireServer server,
      WireExchange exchange,
      WireProtocol protocol,
      WireProtocol.Clients clients) {
    List<Call> whole =
        switch (WireExpected.of(exchange, protocol)) {
          case WireExpected.Reply reply -> reply.reply().calls();
          case WireExpected.Refusal refusal -> List.of();
        };
    return new WireCuts(exchange, whole).play(server, protocol, clients);
  }

  private Result play(WireServer server, WireProtocol protocol, WireProtocol.Clients clients) {
    Place place = server.place(Answer.whole(exchange));
    var model = clients.client(protocol, protocol.baseUrl(place.url(), exchange.path()), true);
    var agent =
        Agent.named("listener")
            .model(model)
            .budget(Budget.steps(1))
            .answeredFromRecord(this::execute)
            .build();
    Workflow<String, Boolean> listening =
        Workflow.of("listening", String.class, Boolean.class)
            .body((run, said) -> hasReply(agent, run, said));
    var settings =
        Settings.standard().worker("bench").limits(Limits.DEFAULT.retry(RetryPolicy.NEVER));
    int refused = 0;
    int cuts = 0;
    try (var engine = Engine.over(new InMemoryJournal(), JsonCodec.standard(), settings)) {
      engine.register(listening);
      run(engine, listening, "whole", place);
      int callsWhole = executed.size();
      for (Answer cut : cuts()) {
        place.answer(cut);
        cuts++;
        if (run(engine, listening, "cut-" + cuts, place).equals(NO_REPLY)) {
          refused++;
        }
      }
      return new Result(cuts, refused, callsWhole, partial, requestsWrong);
    }
  }

  private List<Answer> cuts() {
    var cuts = new ArrayList<Answer>();
    for (int bytes : new WireEvents(exchange.body()).cuts()) {
      for (End end : End.values()) {
        cuts.add(new Answer(exchange, bytes, end));
      }
    }
    return cuts;
  }

  private Outcome<Boolean> run(
      Engine engine, Workflow<String, Boolean> listening, String id, Place place) {
    Outcome<Boolean> outcome = engine.start(listening, id, "Go on.").await(PATIENCE);
    if (place.takeRequests() != 1) {
      requestsWrong++;
    }
    return outcome;
  }

  private static boolean hasReply(Agent<String> agent, Run run, String said) {
    try {
      agent.converse(run).say(said);
      return true;
    } catch (EffectFailed refused) {
      return false;
    }
  }

  /** A tool of whatever name the model calls. */
  private synchronized Optional<String> execute(ToolCall call) {
    Optional<Call> meant =
        whole.stream()
            .filter(each -> each.isSame(call.name(), WireJson.arguments(call.arguments())))
            .findFirst();
    meant.ifPresentOrElse(executed::add, () -> partial++);
    return Optional.of("done");
  }
}
