package dev.holdfast.agents;

import dev.holdfast.kernel.Run;

/** What a conversation used of its budget; a replay adds it up again from the recorded replies. */
final class Spending {
  private final Budget budget;
  private int steps;
  private long tokens;

  Spending(Budget budget) {
    this.budget = budget;
  }

  /** Ends the run as truncated where one more call of that size would exceed the budget. */
  void reserve(Run run, long reserved) {
    if (steps >= budget.stepsMax()) {
      throw run.truncate(
          "steps",
          "%,d model calls made, %,d allowed; raise Budget.steps and resume"
              .formatted(steps, budget.stepsMax()));
    }
    if (tokens + reserved > budget.tokensMax()) {
      throw run.truncate(
          "tokens",
          "%,d tokens used + %,d reserved for the next call > %,d allowed; raise Budget.tokens"
                  .formatted(tokens, reserved, budget.tokensMax())
              + " and resume");
    }
  }

  void charge(long charged) {
    steps++;
    tokens += charged;
  }

  int steps() {
    return steps;
  }

  long tokens() {
    return tokens;
  }
}
