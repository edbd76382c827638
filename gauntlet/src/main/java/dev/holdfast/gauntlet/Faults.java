package dev.holdfast.gauntlet;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** A group of faults. */
public enum Faults {
  /** All there are. */
  ALL(EnumSet.allOf(Fault.Group.class)),
  /** What befalls the process that executes a run, and its clock. */
  PROCESS(EnumSet.of(Fault.Group.PROCESS)),
  /** What befalls the store. */
  STORE(EnumSet.of(Fault.Group.STORE)),
  /** What befalls the calls of effects. */
  CALLS(EnumSet.of(Fault.Group.CALLS)),
  /** What befalls the results of effects that are texts. */
  RESULTS(EnumSet.of(Fault.Group.RESULTS)),
  /** What befalls the calls of a {@link FaultyModel}. */
  MODELS(EnumSet.of(Fault.Group.MODELS)),
  /** What befalls the messages to a run. */
  MESSAGES(EnumSet.of(Fault.Group.MESSAGES)),
  /** What people do, or do not. */
  PEOPLE(EnumSet.of(Fault.Group.PEOPLE));

  @SuppressWarnings("ImmutableEnumChecker") // Nobody changes it.
  private final Set<Fault.Group> groups;

  Faults(Set<Fault.Group> groups) {
    this.groups = groups;
  }

  /** Its members. */
  public Set<Fault> faults() {
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    Arrays.stream(Fault.values())
        .filter(fault -> groups.contains(fault.group()))
        .forEach(faults::add);
    return faults;
  }
}
