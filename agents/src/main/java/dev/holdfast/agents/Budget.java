package dev.holdfast.agents;

/**
 * How much one conversation may use; what a crash loses is charged, never refilled.
 *
 * @param stepsMax model calls, 1 to 1,000,000
 * @param tokensMax tokens of all model calls together, at least 1
 */
public record Budget(int stepsMax, long tokensMax) {
  /** 50 model calls and 2,000,000 tokens. */
  public static final Budget DEFAULT = new Budget(50, 2_000_000);

  /** Checks both bounds. */
  public Budget {
    if (stepsMax < 1 || stepsMax > 1_000_000) {
      throw new IllegalArgumentException(
          "stepsMax must be 1 to 1,000,000, is %,d.".formatted(stepsMax));
    }
    if (tokensMax < 1) {
      throw new IllegalArgumentException("tokensMax must be >= 1, is %,d.".formatted(tokensMax));
    }
  }

  /** The default with that many model calls. */
  public static Budget steps(int stepsMax) {
    return new Budget(stepsMax, DEFAULT.tokensMax);
  }

  /** The same with that many tokens. */
  public Budget tokens(long changed) {
    return new Budget(stepsMax, changed);
  }
}
