package dev.holdfast.gauntlet;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.testing.ScriptedModel;
import dev.holdfast.testing.ScriptedModel.Reply;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import java.time.Duration;

/** A run that waits for a signal, asks a person and a model, and pays: one place for each fault. */
final class Errand implements Scenario<Errand.Street> {
  static final String RUN = "errand-1";

  static final class Street {
    int looks;
    int payments;

    private String pay(String order) {
      payments++;
      return "paid for order " + order;
    }
  }

  @Override
  public Street world() {
    return new Street();
  }

  @Override
  public void begin(Engine engine, Street street) {
    ChatModel model =
        FaultyModel.of(
            ScriptedModel.deciding(any -> Reply.call("pay", "{\"order\":\"17\",\"cents\":4}")));
    var errand =
        Workflow.of("errand", String.class, String.class)
            .body((run, order) -> perform(run, order, street, model));
    engine.register(errand);
    engine.start(errand, RUN, "17");
  }

  private static String perform(Run run, String order, Street street, ChatModel model) {
    String goods = run.awaitSignal("goods", String.class, Duration.ofDays(20)).orElse("nothing");
    Approval approval = run.awaitApproval("boss", goods, Approval.by("ada", "bob"));
    String said =
        run.effect("chat", order, Effect.idempotent(String.class, asked -> asked(model, asked)));
    String paid = run.effect("pay", order, Effect.keyed(String.class, (key, in) -> street.pay(in)));
    return String.join("|", goods, approval.getClass().getSimpleName(), said, paid);
  }

  private static String asked(ChatModel model, String question) {
    AiMessage reply =
        model.chat(dev.langchain4j.data.message.UserMessage.from(question)).aiMessage();
    return reply.hasToolExecutionRequests()
        ? reply.toolExecutionRequests().toString()
        : String.valueOf(reply.text());
  }

  @Override
  public void attend(Client client, Street street, RunState run) {
    street.looks++;
    if (run.status() == Status.AWAITING_APPROVAL) {
      for (Entry.ApprovalAsked question : client.questions(RUN)) {
        client.approve(RUN, question, true, "ada", "seen");
      }
    } else {
      client.signal(RUN, "goods", "scan-1", "the parcel", "gate 3");
    }
  }
}
