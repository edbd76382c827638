package dev.holdfast.examples;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A recorded conversation as its parties play it again: what the customer says, what the model
 * replies, and what is expected of the shop. Immutable.
 *
 * <p>Three things differ from the recording. Of several calls in one reply only those are played
 * that were executed then. A call id that is empty or was used before is replaced. A recording that
 * was cut off behind a tool's result gets a last word of the model, so that its run can end.
 */
public final class RetailScript {
  private static final String CUT_OFF = "(The recording ends here.)";

  /** A turn without words or calls would be asked for again, and the recording knows no second. */
  private static final String SILENCE = "…";

  /**
   * A tool call of the recording.
   *
   * @param injected whether the recording's harness wrote it: it is played, never executed
   * @param result the recorded result, unless the recording ends before it
   */
  public record Expected(RetailCall call, boolean injected, Optional<String> result) {
    /** Whether that is what the recording holds. */
    public boolean isMetBy(RetailEpisode.Told told) {
      return result.filter(recorded -> told.saysAs(recorded, call)).isPresent();
    }
  }

  private record Turn(String customer, boolean isAnswered) {}

  private final String id;
  private final String stateHash;
  private final StringBuilder instructions = new StringBuilder();
  private final List<Turn> turns = new ArrayList<>();
  private final List<AiMessage> replies = new ArrayList<>();
  private final List<Expected> expected = new ArrayList<>();
  private final Map<String, String> injected = new HashMap<>();
  private final Set<String> callIds = new HashSet<>();

  private RetailScript(RecordedRun run) {
    id = run.id();
    stateHash = run.stateHash();
    List<RecordedRun.Message> messages = run.messages();
    for (int i = 0; i < messages.size(); i++) {
      switch (messages.get(i)) {
        case RecordedRun.Message.Instructions told -> instructions.append(told.text());
        case RecordedRun.Message.Customer said -> turns.add(new Turn(said.text(), false));
        case RecordedRun.Message.Reply reply -> reply(run, i, reply);
        case RecordedRun.Message.Result result -> {}
      }
    }
    if (messages.getLast() instanceof RecordedRun.Message.Result) {
      replies.add(AiMessage.from(CUT_OFF));
    }
  }

  /**
   * The recorded conversations of a folder.
   *
   * @throws IllegalArgumentException if the folder holds none, one cannot be understood, or two
   *     have the same id
   */
  public static List<RetailScript> read(Path folder) {
    List<RetailScript> scripts = RecordedRuns.read(folder).stream().map(RetailScript::new).toList();
    Set<String> ids = new HashSet<>();
    for (RetailScript script : scripts) {
      if (!ids.add(script.id)) {
        throw new IllegalArgumentException(
            "Two recorded runs of %s are named '%s'. Give each its own id."
                .formatted(folder, script.id));
      }
    }
    return scripts;
  }

  private void reply(RecordedRun run, int index, RecordedRun.Message.Reply reply) {
    if (turns.isEmpty()) {
      throw new IllegalArgumentException(
          "The recorded run '%s' begins with a reply. It should begin with a customer's message."
              .formatted(run.id()));
    }
    turns.add(new Turn(turns.removeLast().customer(), true));
    List<ToolExecutionRequest> requests = new ArrayList<>();
    for (RecordedRun.Call call : reply.calls()) {
      Optional<String> result = run.resultAfter(index, call.id());
      if (requests.isEmpty() || result.isPresent()) {
        requests.add(request(call, result));
      }
    }
    String text = reply.text().filter(words -> !words.isBlank()).orElse(SILENCE);
    replies.add(requests.isEmpty() ? AiMessage.from(text) : calling(reply, requests));
  }

  private static AiMessage calling(
      RecordedRun.Message.Reply reply, List<ToolExecutionRequest> requests) {
    return reply
        .text()
        .map(words -> AiMessage.from(words, requests))
        .orElseGet(() -> AiMessage.from(requests));
  }

  private ToolExecutionRequest request(RecordedRun.Call recorded, Optional<String> result) {
    String callId = recorded.id();
    if (callId.isBlank() || !callIds.add(callId)) {
      callId = "recorded-" + replies.size() + "-" + callIds.size();
      callIds.add(callId);
    }
    var call = new RetailCall(callId, recorded.tool(), recorded.arguments());
    expected.add(new Expected(call, recorded.injected(), result));
    if (recorded.injected()) {
      injected.put(callId, result.orElse(""));
    }
    return ToolExecutionRequest.builder()
        .id(callId)
        .name(call.tool())
        .arguments(call.arguments())
        .build();
  }

  /** The recording's id. */
  public String id() {
    return id;
  }

  /** The hash of the changed records that the conversation leaves behind. */
  public String stateHash() {
    return stateHash;
  }

  /** What the model replies, in order. */
  public List<AiMessage> replies() {
    return List.copyOf(replies);
  }

  /** Every tool call, in order. */
  public List<Expected> expected() {
    return List.copyOf(expected);
  }

  /** How many steps a run of it takes: messages of the customer, replies and calls. */
  public int steps() {
    return turns.size() + replies.size() + expected.size();
  }

  String instructions() {
    return instructions.toString();
  }

  int turns() {
    return turns.size();
  }

  String customer(int turn) {
    return turns.get(turn).customer();
  }

  /** Whether the model replied to that message; it does not to the one that ends the talk. */
  boolean isAnswered(int turn) {
    return turns.get(turn).isAnswered();
  }

  /** The recorded answer to a call that was never executed. */
  Optional<String> injectedAnswer(String callId) {
    return Optional.ofNullable(injected.get(callId));
  }
}
