package dev.holdfast.kernel;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/** The runs that the steps of one run started, as one activation sees and ends them. */
final class Children {
  private final Activation activation;
  private final Map<StepPath, StepHistory> steps = new ConcurrentHashMap<>();

  Children(Activation activation) {
    this.activation = activation;
  }

  /** Takes a step into account that has a run of its own. */
  void note(StepHistory step) {
    if (step.state() instanceof StepHistory.State.Child) {
      steps.put(step.path(), step);
    }
  }

  /**
   * Tells every run to end that a step within that scope started, once each.
   *
   * @return what to wait for until all of them have ended
   */
  List<Wait> cancelWithin(StepPath scope, String why) {
    var open = new ArrayList<Wait>();
    for (StepHistory step : steps.values()) {
      if (step.path().isWithin(scope)
          && step.state() instanceof StepHistory.State.Running running) {
        cancel(step, running, why);
        if (step.state() instanceof StepHistory.State.Running) {
          open.add(new Wait.Child(step.path(), running.child().child()));
        }
      }
    }
    return open;
  }

  /** Sent before it is journaled: a crash in between sends it twice, which changes nothing. */
  private void cancel(StepHistory step, StepHistory.State.Running running, String why) {
    if (running.isCancelled()) {
      return;
    }
    RunId child = running.child().child();
    String who = "run " + activation.run();
    if (activation.await(sent(child, new Message.Cancel(who, why)))) {
      step.apply(activation.append(new Entry.ChildCancelled(step.path(), why)));
      activation.parts().wake().run();
    } else if (activation.reading(() -> activation.parts().journal().find(child)).isEmpty()) {
      step.apply(
          activation.append(
              new Entry.ChildEnded(step.path(), new Entry.RunCancelled(who, why, List.of()))));
    }
  }

  /**
   * Whether it took the message; one that has ended has said so, and one that never began cannot.
   */
  CompletableFuture<Boolean> sent(RunId child, Message message) {
    return activation
        .parts()
        .journal()
        .send(child, message)
        .handle((none, refusal) -> {
          Throwable cause = refusal instanceof CompletionException ? refusal.getCause() : refusal;
          if (cause != null && !(cause instanceof IllegalStateException)) {
            throw new CompletionException(cause);
          }
          return cause == null;
        });
  }
}
