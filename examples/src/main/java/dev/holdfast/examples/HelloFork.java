package dev.holdfast.examples;

import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Client.Fork;
import dev.holdfast.kernel.Client.Fork.Choice;
import dev.holdfast.kernel.Handle;
import dev.holdfast.store.Holdfast;

/** Plays a run again from one of its steps on, without charging anybody twice. */
final class HelloFork {
  private HelloFork() {}

  // snippet: fork
  static Handle<String> playedAgain(Holdfast holdfast, String run, StepPath from) {
    Fork fork = Fork.at(from).version("2"); // the corrected workflow
    for (Fork.Sent sent : holdfast.sentAfter(run, from)) {
      fork = fork.choose(sent.path(), Choice.ADOPT); // its outcome stands; nothing is sent
    }
    String again = holdfast.fork(run, run + "-again", fork);
    return holdfast.find(again, String.class);
  }
  // end: fork
}
