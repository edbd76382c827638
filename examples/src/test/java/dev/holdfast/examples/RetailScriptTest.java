package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.examples.RetailEpisode.Told;
import dev.holdfast.examples.RetailScript.Expected;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetailScriptTest {
  private static final String HELLO = "{\"role\": \"user\", \"content\": \"Hello\"}";
  private static final String GOODBYE = "{\"role\": \"user\", \"content\": \"Bye ###STOP###\"}";

  @TempDir private Path folder;

  private RetailScript script(String... messages) throws IOException {
    Files.writeString(
        folder.resolve("trajectories.x.jsonl"),
        "{\"id\": \"r\", \"messages\": [%s]}".formatted(String.join(", ", messages)));
    Files.writeString(
        folder.resolve("expected.x.jsonl"),
        "{\"id\": \"r\", \"effects\": [], \"final_state_hash\": \"h\"}");
    return RetailScript.read(folder).getFirst();
  }

  private static String reply(String text, String... calls) {
    return "{\"role\": \"assistant\", \"content\": %s, \"tool_calls\": [%s]}"
        .formatted(text, String.join(", ", calls));
  }

  private static String call(String id, String tool) {
    return "{\"id\": \"%s\", \"name\": \"%s\", \"arguments\": \"{}\"}".formatted(id, tool);
  }

  private static String result(String id, String text) {
    return "{\"role\": \"tool\", \"tool_call_id\": \"%s\", \"name\": \"t\", \"content\": \"%s\"}"
        .formatted(id, text);
  }

  private static List<String> idsOf(AiMessage reply) {
    return reply.toolExecutionRequests().stream().map(ToolExecutionRequest::id).toList();
  }

  @Test
  void theCustomerSpeaksInTurnsAndTheLastMayStayUnanswered() throws IOException {
    RetailScript script = script(HELLO, reply("\"Hi\""), GOODBYE);
    assertThat(script.turns()).isEqualTo(2);
    assertThat(script.customer(0)).isEqualTo("Hello");
    assertThat(script.isAnswered(0)).isTrue();
    assertThat(script.customer(1)).isEqualTo("Bye ###STOP###");
    assertThat(script.isAnswered(1)).isFalse();
    assertThat(script.steps()).isEqualTo(3);
  }

  @Test
  void ofSeveralCallsInOneReplyThoseArePlayedThatWereExecuted() throws IOException {
    RetailScript script =
        script(HELLO, reply("\"Let me see\"", call("a", "t"), call("b", "t")), result("a", "1"));
    assertThat(idsOf(script.replies().getFirst())).containsExactly("a");
    assertThat(script.replies().getFirst().text()).isEqualTo("Let me see");
    assertThat(script.expected()).hasSize(1);
  }

  @Test
  void anIdThatIsEmptyOrUsedBeforeIsReplaced() throws IOException {
    RetailScript script =
        script(
            HELLO,
            reply("null", call("a", "t")),
            result("a", "1"),
            reply("null", call("a", "t")),
            result("a", "2"),
            reply("null", call("", "t")),
            result("", "3"));
    List<String> ids = script.expected().stream().map(each -> each.call().id()).toList();
    assertThat(ids).doesNotHaveDuplicates().doesNotContain("").hasSize(3).startsWith("a");
    assertThat(script.expected())
        .map(Expected::result)
        .containsExactly(Optional.of("1"), Optional.of("2"), Optional.of("3"));
  }

  @Test
  void aRecordingThatWasCutOffGetsALastWord() throws IOException {
    RetailScript script = script(HELLO, reply("null", call("a", "t")), result("a", "1"));
    assertThat(script.replies()).hasSize(2);
    assertThat(script.replies().getLast().hasToolExecutionRequests()).isFalse();
  }

  @Test
  void aSilentReplyIsPlayedAsOneThatNeedsNoSecondQuestion() throws IOException {
    RetailScript script = script(HELLO, reply("\"\""), GOODBYE);
    assertThat(script.replies().getFirst().text()).isNotBlank();
  }

  @Test
  void anInjectedCallHasItsAnswerAndOthersHaveNone() throws IOException {
    String injected = call("a", "think").replace("}\"}", "}\", \"injected_by_harness\": true}");
    RetailScript script = script(HELLO, reply("null", injected), result("a", ""), GOODBYE);
    assertThat(script.expected().getFirst().injected()).isTrue();
    assertThat(script.injectedAnswer("a")).contains("");
    assertThat(script.injectedAnswer("b")).isEmpty();
  }

  @Test
  void aConversationBeginsWithTheCustomer() {
    assertThatThrownBy(() -> script(reply("\"Hi\""), HELLO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'r' begins with a reply");
  }

  @Test
  void twoRecordingsOfOneNameAreRefused() throws IOException {
    script(HELLO, reply("\"Hi\""), GOODBYE);
    Files.copy(folder.resolve("trajectories.x.jsonl"), folder.resolve("trajectories.y.jsonl"));
    Files.copy(folder.resolve("expected.x.jsonl"), folder.resolve("expected.y.jsonl"));
    assertThatThrownBy(() -> RetailScript.read(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("are named 'r'. Give each its own id.");
  }

  @Test
  void aRefusalOfTheAgentIsWhatTheRecordingCallsAnError() {
    var call = new RetailCall("a", "fly", "{}");
    var unknown = new Told("a", "{\"error\": \"unknown_tool\"}", true);
    var malformed = new Told("a", "{\"error\": \"invalid_arguments\"}", true);
    assertThat(unknown.saysAs("Unknown action fly", call)).isTrue();
    assertThat(unknown.saysAs("Error: anything", call)).isFalse();
    assertThat(malformed.saysAs("Error: missing argument", call)).isTrue();
    assertThat(malformed.saysAs("{\"order_id\": \"#W1\"}", call)).isFalse();
    assertThat(new Told("a", "no JSON", true).saysAs("no JSON", call)).isFalse();
    assertThat(new Told("a", "[1.0]", false).saysAs("[1]", call)).isTrue();
  }
}
