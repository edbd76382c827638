package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.journal.spi.Message;

/** Puts messages into words and into JSON. */
final class Letters {
  private Letters() {}

  static String phrase(Message message) {
    return switch (message) {
      case Message.Settle settle ->
          "%s says of %s: %s (%s)"
              .formatted(
                  settle.who(), settle.path(), Phrases.verdict(settle.verdict()), settle.why());
      case Message.Evidence evidence ->
          "%s learned of %s: %s (%s)"
              .formatted(
                  evidence.who(),
                  evidence.path(),
                  Phrases.verdict(evidence.verdict()),
                  evidence.why());
      case Message.Signal signal ->
          "%s sent the signal %s (%s): %s"
              .formatted(signal.who(), signal.name(), signal.id(), Phrases.payload(signal.value()));
      case Message.Approve answer ->
          "%s says %s to %s (%s)"
              .formatted(
                  answer.who(), answer.granted() ? "yes" : "no", answer.path(), answer.why());
      case Message.ChildEnded child ->
          "its run %s has ended (%s)"
              .formatted(child.child(), child.end().getClass().getSimpleName());
      case Message.RollBack back ->
          "%s wants it to end and what it did to be undone (%s)".formatted(back.who(), back.why());
      case Message.Cancel cancel -> "%s says end it (%s)".formatted(cancel.who(), cancel.why());
      case Message.Resume resume -> "%s says go on (%s)".formatted(resume.who(), resume.why());
    };
  }

  static ObjectNode json(Message.Mail mail) {
    ObjectNode node =
        Json.object()
            .put("number", mail.number())
            .put("at", mail.at().toString())
            .put("message", mail.message().getClass().getSimpleName())
            .put("who", mail.message().who())
            .put("why", mail.message().why());
    describe(mail.message(), node);
    return node;
  }

  private static void describe(Message message, ObjectNode node) {
    switch (message) {
      case Message.Settle settle ->
          node.put("step", settle.path().text()).put("says", Phrases.verdict(settle.verdict()));
      case Message.Evidence evidence ->
          node.put("step", evidence.path().text())
              .put("says", Phrases.verdict(evidence.verdict()))
              .put("epoch", evidence.epoch());
      case Message.Approve answer ->
          node.put("step", answer.path().text()).put("says", answer.granted() ? "yes" : "no");
      case Message.Signal signal -> {
        node.put("signal", signal.name()).put("id", signal.id());
        node.set("value", Json.parsedOrText(signal.value().text()));
      }
      case Message.ChildEnded child ->
          node.put("step", child.path().text())
              .put("child", child.child().text())
              .put("end", child.end().getClass().getSimpleName());
      case Message.Cancel cancel -> {}
      case Message.RollBack back -> {}
      case Message.Resume resume -> {}
    }
  }
}
