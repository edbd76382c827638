package dev.holdfast.gauntlet;

import dev.holdfast.gauntlet.Schedule.Moment;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
   * @param trace what was recorded, a line for each entry; empty where the play never ended
   */
  public record Failure(Schedule shortest, String why, List<String> trace) {
    /** Copies the trace. */
    public Failure {
      trace = List.copyOf(trace);
    }
  }

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

  /** The matrix as a table of text: a row for each fault, a column for each moment. */
  public String table() {
    var table = new StringBuilder("%-21s".formatted(""));
    for (Moment moment : Moment.values()) {
      table.append("%9s".formatted(shortName(moment)));
    }
    matrix()
        .forEach((fault, row) -> {
          table.append(System.lineSeparator()).append("%-21s".formatted(fault.word()));
          for (Moment moment : Moment.values()) {
            Optional<Cell> cell = Optional.ofNullable(row.get(moment));
            table.append("%9s".formatted(cell.map(Report::told).orElse(".")));
          }
        });
    return table.toString();
  }

  /** Such as {@code >intent} for the moment before it and {@code intent>} for the one after. */
  private static String shortName(Moment moment) {
    String name = moment.name().toLowerCase(Locale.ROOT);
    String boundary = name.substring(name.indexOf('_') + 1);
    return name.startsWith("before") ? ">" + boundary : boundary + ">";
  }

  private static String told(Cell cell) {
    return cell.failed() == 0
        ? "%,d".formatted(cell.played())
        : "%d/%d!".formatted(cell.failed(), cell.played());
  }

  /**
   * A page for people, with the matrix as a picture; it needs nothing else.
   *
   * @param agent what was played
   * @param plain what came of the same schedules without a runtime, to stand beside
   */
  public String html(String agent, Optional<Report> plain) {
    return new ReportPage(this, agent, plain).html();
  }

  /**
   * A JSON object with the figures, the matrix and every failure.
   *
   * @param plain what came of the same schedules without a runtime, told under {@code plain}
   */
  public String json(String agent, Optional<Report> plain) {
    return ReportFiles.json(this, agent, plain);
  }

  /** The XML that build servers know from JUnit, with a test case for each schedule. */
  public String junitXml(String agent) {
    return ReportFiles.junitXml(this, agent);
  }
}
