package dev.holdfast.gauntlet;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which faults strike where, as a short text that can be pasted into a test.
 *
 * <p>The text is a line with the seed, and a line for each strike:
 *
 * <pre>
 * seed 42
 * crash at AFTER_INTENT 1 of 'effect:pay#0' in 'refund-17'
 * </pre>
 *
 * @param seed what the order of everything else follows from
 * @param strikes in the order in which they are meant to strike
 */
public record Schedule(long seed, List<Strike> strikes) {
  private static final Pattern SEED = Pattern.compile("seed (-?\\d{1,19})");
  private static final Pattern STRIKE =
      Pattern.compile("([a-z-]+) at ([A-Z_]+) (\\d{1,9}) of '(.*)' in '(.*)'");

  /** Copies the strikes. */
  public Schedule {
    strikes = List.copyOf(strikes);
  }

  /** A moment in the life of a run: the kernel's boundaries, and the messages to it. */
  public enum Moment {
    /** A claim is about to be asked for. */
    BEFORE_CLAIM,
    /** The claim is durable. */
    AFTER_CLAIM,
    /** An intent, or a further attempt, is about to be written. */
    BEFORE_INTENT,
    /** The intent is durable. */
    AFTER_INTENT,
    /** The call is about to leave. */
    BEFORE_CALL,
    /** The call came back, with a result or an exception. */
    AFTER_CALL,
    /** The outcome is about to be queued. */
    BEFORE_OUTCOME,
    /** The outcome is queued; it need not be durable yet. */
    AFTER_OUTCOME,
    /** The run is about to wait until everything queued is durable. */
    BEFORE_COMMIT,
    /** Everything queued is durable. */
    AFTER_COMMIT,
    /** Somebody is about to send the run a message. */
    BEFORE_MESSAGE;

    static Moment of(String name) {
      return Arrays.stream(values())
          .filter(each -> each.name().equals(name))
          .findFirst()
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "No moment is called %s; there are %s."
                      .formatted(name, Arrays.toString(values()))));
    }

    static Moment of(Boundary boundary) {
      return switch (boundary) {
        case BEFORE_CLAIM -> BEFORE_CLAIM;
        case AFTER_CLAIM -> AFTER_CLAIM;
        case BEFORE_INTENT -> BEFORE_INTENT;
        case AFTER_INTENT -> AFTER_INTENT;
        case BEFORE_CALL -> BEFORE_CALL;
        case AFTER_CALL -> AFTER_CALL;
        case BEFORE_OUTCOME -> BEFORE_OUTCOME;
        case AFTER_OUTCOME -> AFTER_OUTCOME;
        case BEFORE_COMMIT -> BEFORE_COMMIT;
        case AFTER_COMMIT -> AFTER_COMMIT;
      };
    }
  }

  /**
   * A place in the life of a run.
   *
   * @param run {@code *} where a claim is about to be asked for
   * @param visit which arrival there it is, counted from 1 over all of a schedule
   */
  public record Place(Moment moment, RunId run, StepPath path, int visit) {
    /** Checks the visit. */
    public Place {
      if (visit < 1) {
        throw new IllegalArgumentException("visit must be at least 1, is " + visit + ".");
      }
    }
  }

  /** A fault at a place. */
  public record Strike(Fault fault, Place place) {
    /** Checks that it can strike there. */
    public Strike {
      if (!fault.moments().contains(place.moment())) {
        throw new IllegalArgumentException(
            "%s cannot strike at %s, only at %s."
                .formatted(fault.word(), place.moment(), fault.moments()));
      }
    }

    @Override
    public String toString() {
      return "%s at %s %d of '%s' in '%s'"
          .formatted(fault.word(), place.moment(), place.visit(), place.path(), place.run());
    }
  }

  /** A schedule without a fault. */
  static Schedule calm(long seed) {
    return new Schedule(seed, List.of());
  }

  /** Whether a run may end otherwise than without a fault. */
  boolean mayShow() {
    return strikes.stream().anyMatch(strike -> strike.fault().mayShow());
  }

  /** The schedule without that strike. */
  Schedule without(Strike strike) {
    List<Strike> left = new ArrayList<>(strikes);
    left.remove(strike);
    return new Schedule(seed, left);
  }

  /** Its text, which {@link #parse} reads. */
  public String text() {
    return strikes.stream()
        .map(strike -> System.lineSeparator() + strike)
        .collect(Collectors.joining("", "seed " + seed, ""));
  }

  /**
   * The schedule of that text.
   *
   * @throws IllegalArgumentException naming the line that is none
   */
  public static Schedule parse(String text) {
    List<String> lines = text.strip().lines().map(String::strip).toList();
    Matcher seed = SEED.matcher(lines.isEmpty() ? "" : lines.getFirst());
    if (!seed.matches()) {
      throw new IllegalArgumentException(
          "A schedule begins with a line such as 'seed 42', not with '%s'."
              .formatted(lines.isEmpty() ? "" : lines.getFirst()));
    }
    List<Strike> strikes = lines.stream().skip(1).map(Schedule::strike).toList();
    return new Schedule(Long.parseLong(seed.group(1)), strikes);
  }

  private static Strike strike(String line) {
    Matcher parts = STRIKE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no strike; one reads: crash at AFTER_INTENT 1 of 'effect:pay#0' in 'refund-17'."
              .formatted(line));
    }
    Fault fault =
        Fault.of(parts.group(1))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "No fault is called %s; there are %s."
                        .formatted(
                            parts.group(1),
                            Arrays.stream(Fault.values()).map(Fault::word).toList())));
    var place =
        new Place(
            Moment.of(parts.group(2)),
            new RunId(parts.group(5)),
            new StepPath(parts.group(4)),
            Integer.parseInt(parts.group(3)));
    return new Strike(fault, place);
  }

  @Override
  public String toString() {
    return text();
  }
}
