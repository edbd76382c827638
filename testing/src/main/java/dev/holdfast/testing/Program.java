package dev.holdfast.testing;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Intent;
import dev.holdfast.kernel.Effect;
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
  /** Executes it in a run and tells what it saw. */
  String play(Run run, World world);

  /** What it must see in the end, whatever befell the run. */
  String expected();

  /** An effect; those of the same shared number name the same business fact. */
  record Act(String name, String fact, Contract contract, Optional<Integer> shared)
      implements Program {
    private static final RetryPolicy MANY =
        new RetryPolicy(20, Duration.ofMillis(10), Duration.ofMillis(50), 0);

    @Override
    public String play(Run run, World world) {
      Effect<String, String> effect = world.effect(contract).retry(MANY);
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

  /** A drawn program with the facts that it brings about and the faults that its world has. */
  final class Draw {
    private static final int SHARED_MAX = 2;
    private final Random random;
    private final List<Act> acts = new ArrayList<>();

    Draw(Random random) {
      this.random = random;
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
      return switch (depth == 0 ? random.nextInt(6) : random.nextInt(10)) {
        case 0 -> new Compute("compute");
        case 1, 2, 3, 4 -> act();
        case 5 -> sharedAct();
        case 6, 7 -> new Part("part", several(1, depth - 1));
        default -> new Fork("fork", several(2, depth - 1));
      };
    }

    private Program act() {
      Contract[] contracts = Contract.values();
      return noted(
          new Act(
              "act",
              "fact-" + acts.size(),
              contracts[random.nextInt(contracts.length)],
              Optional.empty()));
    }

    /** Its fact does not depend on the place, so that another place may ask for the same. */
    private Program sharedAct() {
      int number = random.nextInt(SHARED_MAX);
      return noted(new Act("act", "shared-" + number, Contract.KEYED, Optional.of(number)));
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
