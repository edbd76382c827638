package dev.holdfast.gauntlet;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** A group of faults. */
public enum Faults {
  /** All there are. */
  ALL,
  /** What befalls the process that executes a run. */
  PROCESS,
  /** What befalls the calls of its effects. */
  CALLS;

  /** Its members. */
  public Set<Fault> faults() {
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    Arrays.stream(Fault.values())
        .filter(fault -> this == ALL || fault.group() == this)
        .forEach(faults::add);
    return faults;
  }
}
