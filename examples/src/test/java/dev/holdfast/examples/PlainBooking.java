package dev.holdfast.examples;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.testing.KillPoint;
import dev.holdfast.testing.ScriptedModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.nio.file.Path;

/** The booking assistant before it was made durable, in a process that can be killed. */
final class PlainBooking {
  private PlainBooking() {}

  /** Takes the folder, the customer and the message. */
  public static void main(String[] arguments) throws Exception {
    var application = new BookingApplication(Path.of(arguments[0]), System.out);
    FaultPoints faultPoints = KillPoint.ofThisProcess(System.out);
    var model = new KillableModel(BookingScript.model(), faultPoints);
    application.chatPlainly(model, arguments[1], arguments[2]);
    System.out.println(BookingApplication.OUTSIDE + application.outside());
  }

  /** Stands still before a reply, where the parent wants it. */
  private record KillableModel(ScriptedModel script, FaultPoints faultPoints) implements ChatModel {
    @Override
    public ChatResponse doChat(ChatRequest request) {
      var path = StepPath.ROOT.child("model", "chat", 0);
      faultPoints.reached(Boundary.BEFORE_CALL, new RunId("plain"), path);
      return script.doChat(request);
    }
  }
}
