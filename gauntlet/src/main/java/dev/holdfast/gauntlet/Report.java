package dev.holdfast.gauntlet;

import dev.holdfast.gauntlet.Schedule.Moment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came of many schedules.
 *
 * @param results in the order in which they were played
 */
public record Report(List<Result> results) {
  /** The share of unseen failures is below 3 / n with 95 % confidence after n plays without one. */
  private static final double RULE_OF_THREE = 3;

  /** Copies the results. */
  public Report {
    results = List.copyOf(results);
  }

  /**
   * What came of one schedule.
   *
   * @param struck how many of its strikes met their place; 0 where it never ended
   * @param failure what was broken, if anything was
   */
  public record Result(Schedule schedule, int struck, Optional<Failure> failure) {}

  /**
   * A broken law.
   *
   * @param shortest the shortest schedule found that breaks one
   * @param why which law, with the facts
   */
  public record Failure(Schedule shortest, String why) {}

  /** How many plays there were of a fault at a boundary, and how many of them failed. */
  public record Cell(int played, int failed) {
    Cell plus(boolean isFailed) {
      return new Cell(played + 1, failed + (isFailed ? 1 : 0));
    }
  }

  /** How many schedules were played. */
  public int schedules() {
    return results.size();
  }

  /** How many faults met their place. */
  public int injections() {
    return results.stream().mapToInt(Result::struck).sum();
  }

  /** The schedules that broke a law. */
  public List<Result> failed() {
    return results.stream().filter(result -> result.failure().isPresent()).toList();
  }

  /** The plays by what struck, and where. */
  public Map<Fault, Map<Moment, Cell>> matrix() {
    Map<Fault, Map<Moment, Cell>> matrix = new EnumMap<>(Fault.class);
    for (Result result : results) {
      for (Schedule.Strike strike : result.schedule().strikes()) {
        matrix
            .computeIfAbsent(strike.fault(), fault -> new EnumMap<>(Moment.class))
            .merge(
                strike.place().moment(),
                new Cell(1, result.failure().isPresent() ? 1 : 0),
                (cell, one) -> cell.plus(one.failed() > 0));
      }
    }
    return matrix;
  }

  /** The plays in which that struck there; none, where it never did. */
  public Cell cell(Fault fault, Moment moment) {
    return matrix().getOrDefault(fault, Map.of()).getOrDefault(moment, new Cell(0, 0));
  }

  /** What no failure among so many plays says, in words. */
  public String bound() {
    if (!failed().isEmpty()) {
      return "%,d of %,d schedules broke a law.".formatted(failed().size(), schedules());
    }
    return results.isEmpty()
        ? "Nothing was played, so nothing is known."
        : ("None of %,d schedules broke a law: of schedules drawn in the same way, fewer than 1 in"
                + " %,d do, with 95 %% confidence (rule of three).")
            .formatted(schedules(), Math.max(1, (int) (schedules() / RULE_OF_THREE)));
  }

  /** The matrix as a table of text: a line for each fault, plays and failures by boundary. */
  public String table() {
    return matrix().entrySet().stream()
        .map(row ->
            "%-16s %s"
                .formatted(
                    row.getKey().word(),
                    row.getValue().entrySet().stream()
                        .map(cell -> "%s %s".formatted(cell.getKey(), told(cell.getValue())))
                        .collect(Collectors.joining("  "))))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String told(Cell cell) {
    return cell.failed() == 0
        ? "%,d".formatted(cell.played())
        : "%,d (%,d failed)".formatted(cell.played(), cell.failed());
  }
}
