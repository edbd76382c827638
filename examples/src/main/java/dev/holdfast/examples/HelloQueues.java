package dev.holdfast.examples;

import dev.holdfast.journal.spi.Queue;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;

/** Lets runs in a few at a time, later, once, or one after the other for each customer. */
final class HelloQueues {
  private HelloQueues() {}

  // snippet: queue
  interface Printer {
    String print(String order) throws Exception;
  }

  static Workflow<String, String> labels(Printer printer) {
    return Workflow.of("label", String.class, String.class)
        .body((run, order) ->
            run.effect("print", order, Effect.idempotent(String.class, printer::print)));
  }

  static void open(Holdfast holdfast, Workflow<String, String> labels) {
    holdfast.register(labels);
    holdfast.register(Queue.of("printer").concurrencyMax(2).waitingMax(500));
  }

  static Handle<String> ordered(Holdfast holdfast, Workflow<String, String> labels, String order) {
    return holdfast.start(labels, "label-" + order, order, Admission.throughQueue("printer"));
  }

  // end: queue

  // snippet: full
  /** What a web shop answers: 202 or 503. */
  static int accept(Path store, Workflow<String, String> labels, String order) {
    try (Client client = Holdfast.client(store)) {
      client.start(labels, "label-" + order, order, Admission.throughQueue("printer"));
      return 202;
    } catch (RunException.QueueFull full) {
      return 503;
    }
  }

  // end: full

  // snippet: once-by-message
  /** Two clicks, two requests, two ids: one label. */
  static Handle<String> clicked(
      Holdfast holdfast, Workflow<String, String> labels, String request, String order) {
    return holdfast.start(
        labels, request, order, Admission.throughQueue("printer").deduplicated(order));
  }

  /** Not before tomorrow. */
  static Handle<String> tomorrow(Holdfast holdfast, Workflow<String, String> labels, String order) {
    return holdfast.start(
        labels, "label-" + order, order, Admission.AT_ONCE.after(Duration.ofDays(1)));
  }

  // end: once-by-message

  // snippet: session
  /** What one message of a customer hands to the next. */
  record Talk(int messages, String last) {}

  static Workflow<String, String> answers() {
    return Workflow.of("answer", String.class, String.class)
        .body((run, message) -> {
          Talk talk = run.sessionState(Talk.class).orElse(new Talk(0, "nothing"));
          run.handOn(new Talk(talk.messages() + 1, message));
          return "message %d, after %s".formatted(talk.messages() + 1, talk.last());
        });
  }

  /** The id of the message is the run's id, so a message that comes twice is heard once. */
  static Handle<String> heard(
      Holdfast holdfast,
      Workflow<String, String> answers,
      String customer,
      String messageId,
      String text) {
    return holdfast.start(answers, messageId, text, Admission.inSession(customer));
  }
  // end: session
}
