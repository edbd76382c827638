package dev.holdfast.bench;

import dev.holdfast.examples.RetailEpisode.Ending;
import dev.holdfast.examples.RetailEpisode.Told;
import dev.holdfast.examples.RetailScript;
import dev.holdfast.examples.RetailWorld;
import dev.holdfast.kernel.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Plays executions and enters them, beside the naive loop's, into a tally. */
record RetailPlayer(RetailTally tally) {
  /** Enters an execution that came to its end, or to none. */
  void judge(String name, RetailScript script, RetailWorld world, Outcome<Ending> outcome) {
    if (outcome instanceof Outcome.Completed<Ending> completed) {
      tally.held.judge(name, script, world, byCall(completed.result()));
    } else {
      tally.held.fail(name, script, "it ended with " + outcome);
    }
  }

  private static Map<String, Told> byCall(Ending ending) {
    return ending.told().stream()
        .collect(Collectors.toMap(Told::callId, Function.identity(), (first, again) -> first));
  }

  /** Plays the naive loop through these crashes in that world. */
  void playNaively(
      String name, RetailScript script, RetailWorld world, List<NaiveLoop.Crash> crashes) {
    var loop = new NaiveLoop(script, world);
    loop.play(crashes);
    tally.naive.judge(name, script, world, loop.told());
    tally.naiveModelCallsRedone.addAndGet(loop.modelCallsRedone());
  }
}
