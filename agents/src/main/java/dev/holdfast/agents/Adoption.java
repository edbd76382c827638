package dev.holdfast.agents;

import dev.holdfast.kernel.Classifier;
import dev.holdfast.kernel.spi.Transactions;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;

/** What was said about an adopted agent beside what LangChain4j knows; never changed. */
record Adoption(
    Contracts contracts,
    Optional<Transactions<Connection>> transactions,
    Classifier classifier,
    Budget budget,
    int repairsMax,
    int resultCharactersMax,
    Duration modelTimeout,
    Duration memoryWait,
    Durable.Outside outside) {
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Checks the bounds. */
  Adoption {
    between("repairsMax", repairsMax, 0, 100);
    between("resultCharactersMax", resultCharactersMax, 100, 16 << 20);
    between("modelTimeout", modelTimeout);
    between("memoryWait", memoryWait);
  }

  private static void between(String setting, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %,d to %,d, is %,d.".formatted(setting, least, most, value));
    }
  }

  private static void between(String setting, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s must be > 0 and <= %s, is %s.".formatted(setting, LONGEST, value));
    }
  }
}
