package dev.holdfast.testing;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Intent;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.KnownFailure;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** A workflow drawn by lot: a tree of effects, pure steps, scopes and branches. */
sealed interface Program {
  /** How long a run waits for what people do. */
  Duration PATIENCE = Duration.ofDays(60);

  /** Executes it in a run and tells what it saw. */
  String play(Run run, World world);

  /** What it must see in the end, whatever befell the run. */
  String expected();

  /** An effect; those of the same shared number name the same business fact. */
  record Act(String name, String fact, Contract contract, Optional<Integer> shared)
      implements Program {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    static final RetryPolicy MANY =
        new RetryPolicy(20, Duration.ofMillis(10), Duration.ofMillis(50), 0);

    @Override
    public String play(Run run, World world) {
      Effect<String, String> effect = world.effect(contract).retry(MANY).timeout(TIMEOUT);
      if (contract == Contract.VERIFIED) {
        effect = effect.settleAfter(Duration.ofSeconds(20));
      }
      if (shared.isPresent()) {
        effect = effect.oncePer(Intent.Scope.RUN, "fact", shared.get());
      }
      return run.effect(name, fact, effect);
    }

    @Override
    public String expected() {
      return World.answer(fact);
    }
  }

  /** A pure step. */
  record Compute(String name) implements Program {
    @Override
    public String play(Run run, World world) {
      return run.step(name, String.class, () -> name);
    }

    @Override
    public String expected() {
      return name;
    }
  }

  /** Several programs one after the other, in a scope of their own. */
  record Part(String name, List<Program> parts) implements Program {
    @Override
    public String play(Run run, World world) {
      return run.scope(
          name,
          inner -> {
            var seen = new ArrayList<String>();
            parts.forEach(part -> seen.add(part.play(inner, world)));
            return seen.toString();
          });
    }

    @Override
    public String expected() {
      return parts.stream().map(Program::expected).toList().toString();
    }
  }

  /** Several programs at the same time. */
  record Fork(String name, List<Program> branches) implements Program {
    @Override
    public String play(Run run, World world) {
      var all = new ArrayList<Run.Branch<String>>();
      for (Program branch : branches) {
        all.add(new Run.Branch<>("b" + all.size(), scope -> branch.play(scope, world)));
      }
      return run.parallel(name, all).toString();
    }

    @Override
    public String expected() {
      return branches.stream().map(Program::expected).toList().toString();
    }
  }

  /** A step that all runs know, whichever of them takes it. */
  record Global(String name, String fact, int number, Contract contract) implements Program {
    @Override
    public String play(Run run, World world) {
      Effect<String, String> effect = world.effect(contract).retry(Act.MANY);
      try {
        run.effect(name, fact, effect.oncePer(Intent.Scope.GLOBAL, "global", number));
      } catch (EffectFailed heldElsewhere) {
        return expected(); // who holds the fact is no matter of this run
      }
      return expected();
    }

    @Override
    public String expected() {
      return fact;
    }
  }

  /** A timer. */
  record Rest(String name, Duration duration) implements Program {
    @Override
    public String play(Run run, World world) {
      run.sleep(name, duration);
      return name;
    }

    @Override
    public String expected() {
      return name;
    }
  }

  /** A wait for a signal that carries its own name. */
  record Hear(String name) implements Program {
    @Override
    public String play(Run run, World world) {
      return run.awaitSignal(name, String.class, PATIENCE).orElse("nothing heard");
    }

    @Override
    public String expected() {
      return name;
    }
  }

  /** A question that people grant. */
  record Ask(String name) implements Program {
    @Override
    public String play(Run run, World world) {
      return name + run.awaitApproval(name, "shown", PATIENCE).granted();
    }

    @Override
    public String expected() {
      return name + true;
    }
  }

  /** What is not the same twice outside of a run. */
  record Chance(String name) implements Program {
    @Override
    public String play(Run run, World world) {
      String drawn = run.now() + " " + run.random().nextInt();
      return run.step(name, String.class, () -> drawn).equals(drawn) ? name : drawn;
    }

    @Override
    public String expected() {
      return name;
    }
  }

  /** A drawn program with the facts that it brings about and the faults that its world has. */
  final class Draw {
    private static final int SHARED_MAX = 2;
    private static final int GLOBAL_MAX = 2;
    private static final int WAITS_ONE_IN = 4;
    private final Random random;
    private final String prefix;
    private final boolean isRich;
    private final List<Act> acts = new ArrayList<>();
    private final List<Hear> signals = new ArrayList<>();
    private int names;

    /** Effects, pure steps, scopes and branches alone: what a run can do by itself. */
    Draw(Random random) {
      this(random, "", false);
    }

    /**
     * A draw for one of several runs.
     *
     * @param prefix what its facts begin with, so that they are no other run's
     * @param isRich whether it waits for time and people too, and shares facts with other runs
     */
    Draw(Random random, String prefix, boolean isRich) {
      this.random = random;
      this.prefix = prefix;
      this.isRich = isRich;
    }

    Program program() {
      return new Part("all", several(3, 3));
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
      if (isRich && random.nextInt(WAITS_ONE_IN) == 0) {
        return rich("n" + names++);
      }
      return switch (depth == 0 ? random.nextInt(6) : random.nextInt(10)) {
        case 0 -> new Compute("compute");
        case 1, 2, 3, 4 -> act();
        case 5 -> sharedAct();
        case 6, 7 -> new Part("part", several(1, depth - 1));
        default -> new Fork("fork", several(2, depth - 1));
      };
    }

    private Program rich(String name) {
      return switch (random.nextInt(5)) {
        case 0 -> new Rest(name, rest());
        case 1 -> {
          signals.add(new Hear(name));
          yield signals.getLast();
        }
        case 2 -> new Ask(name);
        case 3 -> new Chance(name);
        default -> {
          int number = random.nextInt(GLOBAL_MAX);
          yield new Global(name, "global-" + number, number, Contract.KEYED);
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
    List<Hear> signals() {
      return List.copyOf(signals);
    }

    private Program act() {
      Contract[] contracts = Contract.values();
      return noted(
          new Act(
              "act",
              prefix + "fact-" + acts.size(),
              contracts[random.nextInt(contracts.length)],
              Optional.empty()));
    }

    /** Its fact does not depend on the place, so that another place may ask for the same. */
    private Program sharedAct() {
      int number = random.nextInt(SHARED_MAX);
      return noted(
          new Act("act", prefix + "shared-" + number, Contract.KEYED, Optional.of(number)));
    }

    private Program noted(Act act) {
      acts.add(act);
      return act;
    }

    /** The facts under their contracts, each once. */
    List<Act> acts() {
      return acts.stream()
          .collect(Collectors.toMap(Act::fact, act -> act, (first, again) -> first))
          .values()
          .stream()
          .toList();
    }

    /** Gives every fact up to two troubles before or after it happens. */
    void trouble(World world) {
      for (Act act : acts()) {
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
}
