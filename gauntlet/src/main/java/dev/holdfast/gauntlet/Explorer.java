package dev.holdfast.gauntlet;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Finds the schedules of a scenario: first every fault at every place that a calm play reaches, one
 * at a time, then combinations drawn by lot.
 *
 * <p>Immutable; what it returns is the same for the same scenario and seed.
 *
 * @param <W> the scenario's world
 */
public final class Explorer<W> {
  /** The most faults of a combination. */
  public static final int COMBINED_MAX = 4;

  /** The most combinations: 1,000,000. */
  public static final int COMBINATIONS_MAX = 1_000_000;

  private static final long CALM_SEED = 1;

  private final Scenario<W> scenario;
  private final Set<Fault> faults;
  private final Played<W> calm;

  private Explorer(Scenario<W> scenario, Set<Fault> faults, Played<W> calm) {
    this.scenario = scenario;
    this.faults = faults;
    this.calm = calm;
  }

  /**
   * Plays the scenario once without a fault, to learn its places.
   *
   * @throws AssertionError where that does not end well
   */
  public static <W> Explorer<W> of(Scenario<W> scenario, Set<Fault> faults) {
    Played<W> calm = played(scenario, Schedule.calm(CALM_SEED));
    try {
      new Laws(calm).check(calm);
      check(scenario, calm.world(), calm.ended());
    } finally {
      close(calm.world());
    }
    return new Explorer<>(scenario, EnumSet.copyOf(faults), calm);
  }

  private static <W> Played<W> played(Scenario<W> scenario, Schedule schedule) {
    try {
      return new Play<>(scenario, schedule).play();
    } catch (Exception failed) {
      throw new AssertionError("The scenario failed: " + failed, failed);
    }
  }

  /** A schedule for each fault at each place where it can strike. */
  public List<Schedule> single() {
    return strikes().stream().map(strike -> new Schedule(CALM_SEED, List.of(strike))).toList();
  }

  /**
   * Schedules of 1 to 4 strikes each, and of another order of everything else.
   *
   * @param count how many, 0 to 1,000,000
   */
  public List<Schedule> combined(int count, long seed) {
    if (count < 0 || count > COMBINATIONS_MAX) {
      throw new IllegalArgumentException(
          "count must be 0 to %,d, is %,d.".formatted(COMBINATIONS_MAX, count));
    }
    var random = new Random(seed);
    List<Schedule.Strike> strikes = strikes();
    var schedules = new ArrayList<Schedule>(count);
    while (schedules.size() < count) {
      var drawn = new ArrayList<Schedule.Strike>();
      for (int left = 1 + random.nextInt(COMBINED_MAX); left > 0 && !strikes.isEmpty(); left--) {
        drawn.add(strikes.get(random.nextInt(strikes.size())));
      }
      schedules.add(new Schedule(random.nextLong(), drawn.stream().distinct().toList()));
    }
    return List.copyOf(schedules);
  }

  private List<Schedule.Strike> strikes() {
    Map<Outside.Step, Contract> contracts = contracts();
    var strikes = new ArrayList<Schedule.Strike>();
    for (Fault fault : faults) {
      for (Schedule.Place place : calm.reached()) {
        var step = new Outside.Step(place.run(), place.path());
        if (isPossible(fault, place, Optional.ofNullable(contracts.get(step)))) {
          strikes.add(new Schedule.Strike(fault, place));
        }
      }
    }
    return List.copyOf(strikes);
  }

  private boolean isPossible(Fault fault, Schedule.Place place, Optional<Contract> called) {
    return fault.moments().contains(place.moment())
        && switch (fault.group()) {
          case PROCESS, STORE, MESSAGES, PEOPLE -> true;
          case CALLS -> called.filter(fault::isForCallsOf).isPresent();
          case RESULTS -> calm.outside().isSaid(place.run(), place.path());
          case MODELS -> calm.outside().isAsked(place.run(), place.path());
        };
  }

  private Map<Outside.Step, Contract> contracts() {
    var contracts = new HashMap<Outside.Step, Contract>();
    for (RunState run : calm.runs()) {
      for (Entry entry : calm.entries(run.id())) {
        switch (entry) {
          case Entry.EffectIntended e ->
              contracts.put(new Outside.Step(run.id(), e.path()), e.call().contract());
          case Entry.StepAnswered e ->
              contracts.put(new Outside.Step(run.id(), e.path()), e.call().contract());
          default -> {}
        }
      }
    }
    return contracts;
  }

  /**
   * Plays a schedule and checks every law.
   *
   * @return the world that came of it, which the caller closes where it is {@link AutoCloseable}
   * @throws AssertionError that holds the schedule
   */
  public W play(Schedule schedule) {
    return check(schedule).world();
  }

  /**
   * What a play came to.
   *
   * @param world which the caller closes where it is {@link AutoCloseable}
   * @param histories what was recorded of each run, oldest entry first
   * @param unanswered the steps of each run that were called, and whose caller heard nothing
   * @param struck how many faults met their place
   */
  public record Ended<W>(
      W world,
      Map<RunId, List<Recorded>> histories,
      Map<RunId, List<StepPath>> unanswered,
      int struck) {
    /** Copies the maps. */
    public Ended {
      histories = Map.copyOf(histories);
      unanswered = Map.copyOf(unanswered);
    }
  }

  /**
   * Plays a schedule, checks every law and tells what was recorded.
   *
   * @throws AssertionError that holds the schedule
   */
  public Ended<W> playToTheEnd(Schedule schedule) {
    Played<W> played = check(schedule);
    var histories = new HashMap<RunId, List<Recorded>>();
    var unanswered = new HashMap<RunId, List<StepPath>>();
    played
        .histories()
        .forEach((run, history) -> {
          histories.put(run.id(), history);
          unanswered.put(run.id(), played.outside().unanswered(run.id()));
        });
    return new Ended<>(played.world(), histories, unanswered, played.struck());
  }

  /** Plays a schedule and tells what is broken, with the shortest schedule that breaks it. */
  private Report.Result result(Schedule schedule) {
    int struck = 0;
    List<String> trace = List.of();
    try {
      Played<W> played = played(scenario, schedule);
      struck = played.struck();
      trace = played.trace();
      judgeAndClose(played);
      return new Report.Result(schedule, struck, Optional.empty());
    } catch (AssertionError broken) {
      String why = named(broken, schedule).getMessage();
      var failure = new Report.Failure(shrunk(schedule, this::fails), String.valueOf(why), trace);
      return new Report.Result(schedule, struck, Optional.of(failure));
    }
  }

  private Played<W> check(Schedule schedule) {
    try {
      Played<W> played = played(scenario, schedule);
      judgeOrClose(played);
      return played;
    } catch (AssertionError broken) {
      throw named(broken, schedule);
    }
  }

  private void judgeAndClose(Played<W> played) {
    judgeOrClose(played);
    close(played.world());
  }

  /** A world that broke a law is of no more use. */
  private void judgeOrClose(Played<W> played) {
    try {
      new Laws(calm).check(played);
      check(scenario, played.world(), played.ended());
    } catch (AssertionError broken) {
      close(played.world());
      throw broken;
    }
  }

  /** Whatever a check throws is a law that does not hold. */
  private static <W> void check(Scenario<W> scenario, W world, Map<RunId, Status> ended) {
    try {
      scenario.check(world, ended);
    } catch (RuntimeException failed) {
      throw new AssertionError("The scenario's check itself failed: " + failed, failed);
    }
  }

  /** Ends a world that has something to end. */
  static void close(Object world) {
    if (world instanceof AutoCloseable open) {
      try {
        open.close();
      } catch (Exception failed) {
        throw new AssertionError("The world cannot be closed: " + failed, failed);
      }
    }
  }

  /** The same failure, with the schedule that leads to it. */
  static AssertionError named(Throwable broken, Schedule schedule) {
    return new AssertionError(
        "%s%nPlay it again with this schedule:%n%s".formatted(broken.getMessage(), schedule),
        broken);
  }

  private boolean fails(Schedule schedule) {
    try {
      judgeAndClose(played(scenario, schedule));
      return false;
    } catch (AssertionError broken) {
      return true;
    }
  }

  /** The schedule without the strikes that it fails without. */
  static Schedule shrunk(Schedule failing, Predicate<Schedule> fails) {
    Schedule shortest = failing;
    for (Schedule.Strike strike : failing.strikes()) {
      Schedule less = shortest.without(strike);
      shortest = fails.test(less) ? less : shortest;
    }
    return shortest;
  }

  /**
   * Plays them all.
   *
   * @param onResult told of each at its end
   */
  public Report explore(List<Schedule> schedules, Consumer<Report.Result> onResult) {
    var results = new ArrayList<Report.Result>();
    for (Schedule schedule : schedules) {
      Report.Result result = result(schedule);
      results.add(result);
      onResult.accept(result);
    }
    return new Report(results);
  }

  /**
   * Plays them all on the same agent without a runtime, where the scenario has one.
   *
   * <p>Of the faults only crashes and those of calls, results and models strike there. It breaks a
   * law where the scenario's own check fails, or where it comes to no end.
   *
   * @param onResult told of each at its end
   */
  public Optional<Report> explorePlain(List<Schedule> schedules, Consumer<Report.Result> onResult) {
    return scenario
        .plain()
        .map(plain -> {
          var results = new ArrayList<Report.Result>();
          for (Schedule schedule : schedules) {
            Report.Result result = plainResult(plain, PlainPlay.befalling(schedule));
            results.add(result);
            onResult.accept(result);
          }
          return new Report(results);
        });
  }

  private Report.Result plainResult(Scenario.Plain<W> plain, Schedule schedule) {
    var play = new PlainPlay<>(plain, schedule, calm.reached());
    W world = scenario.world();
    Optional<String> broken = play.play(world).filter(failed -> !schedule.mayShow());
    try {
      check(scenario, world, Map.of());
    } catch (AssertionError wrong) {
      broken = Optional.of(String.valueOf(wrong.getMessage()));
    } finally {
      close(world);
    }
    return new Report.Result(
        schedule, play.struck(), broken.map(why -> new Report.Failure(schedule, why, List.of())));
  }
}
