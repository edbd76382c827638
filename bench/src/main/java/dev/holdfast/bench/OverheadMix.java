package dev.holdfast.bench;

/**
 * A conversation of so many replies that ask for tools, and one that answers. Two of them are the
 * first one with more of one kind of call, so that a difference is the price of that kind.
 */
enum OverheadMix {
  BASE(5, 1),
  MORE_REPLIES(25, 1),
  MORE_CALLS(5, 5);

  /** How many replies of the one and calls of the other are added to the first. */
  static final int ADDED = 20;

  private final int rounds;
  private final int callsPerRound;

  OverheadMix(int rounds, int callsPerRound) {
    this.rounds = rounds;
    this.callsPerRound = callsPerRound;
  }

  int rounds() {
    return rounds;
  }

  int callsPerRound() {
    return callsPerRound;
  }

  int modelCalls() {
    return rounds + 1;
  }

  int toolCalls() {
    return rounds * callsPerRound;
  }
}
