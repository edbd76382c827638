package dev.holdfast.agents;

import dev.holdfast.kernel.spi.Classifier;
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
  /** Checks the bounds. */
  Adoption {
    Bounds.ofAgent(repairsMax, resultCharactersMax, modelTimeout);
    Bounds.positive("memoryWait", memoryWait, Bounds.A_DAY);
  }
}
