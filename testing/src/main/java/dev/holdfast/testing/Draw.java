package dev.holdfast.testing;

import dev.holdfast.journal.Contract;
import dev.holdfast.kernel.KnownFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** A drawn program with the facts that it brings about and the faults that its world has. */
final class Draw {
  /** Where the runs come from that steps start. */
  @FunctionalInterface
  interface Nursery {
    /** A step of that name with a run of its own; empty where there are enough. */
    Optional<Program.Spawn> spawn(String name);
  }

  private static final int SHARED_MAX = 2;
  private static final int GLOBAL_MAX = 2;
  private static final int RICH_ONE_IN = 3;
  private final Random random;
  private final String prefix;
  private final Optional<Nursery> nursery;
  private final List<Program.Act> acts = new ArrayList<>();
  private final Set<String> certain = new HashSet<>();
  private final List<Program.Hear> signals = new ArrayList<>();
  private int names;
  private int chances;

  /** Effects, pure steps, scopes and branches alone: what a run can do by itself. */
  Draw(Random random) {
    this(random, "", Optional.empty());
  }

  /**
   * A draw for one of several runs.
   *
   * @param prefix what its facts begin with, so that they are no other run's
   * @param nursery given where it waits for time, people and other runs too, and shares facts
   */
  Draw(Random random, String prefix, Optional<Nursery> nursery) {
    this.random = random;
    this.prefix = prefix;
    this.nursery = nursery;
  }

  Program program() {
    return program(3);
  }

  /** The same with at most so many scopes within each other; a loop where it is sealed, too. */
  Program program(int depth) {
    return nursery.isPresent() && random.nextInt(5) == 0
        ? loop("all", depth)
        : new Program.Part("all", several(depth, depth));
  }

  private Program loop(String name, int depth) {
    var turns = new ArrayList<Program>();
    for (int left = 2 + random.nextInt(2); left > 0; left--) {
      turns.add(new Program.Part("part", several(1, Math.max(0, depth - 2))));
    }
    return new Program.Loop(name, turns);
  }

  private List<Program> several(int least, int depth) {
    var parts = new ArrayList<Program>();
    int count = least + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      parts.add(one(depth));
    }
    return parts;
  }

  private Program one(int depth) {
    if (nursery.isPresent() && random.nextInt(RICH_ONE_IN) == 0) {
      String name = "n" + names++;
      return random.nextInt(5) < 3 ? waits(name) : rich(name, Math.max(0, depth - 1));
    }
    return switch (depth == 0 ? random.nextInt(6) : random.nextInt(10)) {
      case 0 -> new Program.Compute("compute");
      case 1, 2, 3, 4 -> act();
      case 5 -> sharedAct();
      case 6, 7 -> new Program.Part("part", several(1, depth - 1));
      default -> new Program.Fork("fork", several(2, depth - 1));
    };
  }

  private Program rich(String name, int depth) {
    return switch (random.nextInt(4)) {
      case 0 -> new Program.Contest(name, List.of(perhaps(depth), perhaps(depth)));
      case 1 -> loop(name, depth);
      case 2 -> nursery.orElseThrow().spawn(name).<Program>map(s -> s).orElseGet(this::act);
      default -> change(name, depth);
    };
  }

  private Program change(String name, int depth) {
    Optional<Program> old = Optional.of(perhaps(depth)).filter(code -> random.nextBoolean());
    Optional<Program> changed = Optional.of(perhaps(depth)).filter(code -> random.nextBoolean());
    return new Program.Change(name, old, changed);
  }

  /** Something of which nobody knows whether it comes to its end. */
  private Program perhaps(int depth) {
    chances++;
    Program drawn = one(depth);
    chances--;
    return drawn;
  }

  private Program waits(String name) {
    return switch (random.nextInt(5)) {
      case 0 -> new Program.Rest(name, rest());
      case 1 -> {
        signals.add(new Program.Hear(name));
        yield signals.getLast();
      }
      case 2 -> new Program.Ask(name);
      case 3 -> new Program.Chance(name);
      default -> {
        int number = random.nextInt(GLOBAL_MAX);
        yield new Program.Global(name, "global-" + number, number, Contract.KEYED);
      }
    };
  }

  private Duration rest() {
    return switch (random.nextInt(3)) {
      case 0 -> Duration.ofMillis(random.nextInt(500));
      case 1 -> Duration.ofSeconds(random.nextInt(60));
      default -> Duration.ofHours(random.nextInt(48));
    };
  }

  /** The signals that it waits for. */
  List<Program.Hear> signals() {
    return List.copyOf(signals);
  }

  private Program act() {
    Contract[] contracts = Contract.values();
    return noted(
        new Program.Act(
            "act",
            prefix + "fact-" + acts.size(),
            contracts[random.nextInt(contracts.length)],
            Optional.empty()));
  }

  /** Its fact does not depend on the place, so that another place may ask for the same. */
  private Program sharedAct() {
    int number = random.nextInt(SHARED_MAX);
    return noted(
        new Program.Act("act", prefix + "shared-" + number, Contract.KEYED, Optional.of(number)));
  }

  private Program noted(Program.Act act) {
    acts.add(act);
    if (chances == 0) {
      certain.add(act.fact());
    }
    return act;
  }

  /** The facts under their contracts, each once. */
  List<Program.Act> acts() {
    return acts.stream()
        .collect(Collectors.toMap(Program.Act::fact, act -> act, (first, again) -> first))
        .values()
        .stream()
        .toList();
  }

  /** Those that take place wherever the run completes. */
  List<Program.Act> certainActs() {
    return acts().stream().filter(act -> certain.contains(act.fact())).toList();
  }

  /** Gives every fact up to two troubles before or after it happens. */
  void trouble(World world) {
    for (Program.Act act : acts()) {
      for (int faults = random.nextInt(3); faults > 0; faults--) {
        World.Fault fault = fault();
        if (random.nextBoolean()) {
          world.failBefore(act.fact(), fault);
        } else {
          world.failAfter(act.fact(), () -> lost());
        }
      }
    }
  }

  private World.Fault fault() {
    return switch (random.nextInt(4)) {
      case 0 -> () -> lost();
      case 1 -> () -> fail(KnownFailure.notSent("connect", "refused"));
      case 2 -> () -> later(Duration.ofMillis(5));
      default -> () -> later(Duration.ofHours(1));
    };
  }

  private static void lost() {
    fail(KnownFailure.unknown("reset", "lost"));
  }

  private static void later(Duration duration) {
    fail(KnownFailure.tryLater("429", "busy", Optional.of(duration)));
  }

  private static void fail(KnownFailure failure) {
    throw failure;
  }
}
