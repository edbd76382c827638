package dev.holdfast.bench;

import java.util.List;
import java.util.Map;

/** One way to run the desk, in a world of its own. For one thread. */
interface AdoptionSide extends AutoCloseable {
  String CUSTOMER = "ann";

  /** Where a process dies. */
  sealed interface Strike {
    /** Nowhere. */
    record None() implements Strike {}

    /** At that touch of its surroundings, from 1. */
    record Touch(int number) implements Strike {}

    /** At that boundary of the runtime. */
    record Point(CrashTrap.Point point) implements Strike {}
  }

  /** Has one order settled, in as many processes as it takes. */
  AdoptionTurn settle(String order, Strike strike) throws InterruptedException;

  /** What the bank and the post office counted. */
  AdoptionBooks books();

  /** What the memories hold, in words. */
  Map<String, List<String>> memory();

  @Override
  default void close() {}
}
