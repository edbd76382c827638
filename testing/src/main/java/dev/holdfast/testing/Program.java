package dev.holdfast.testing;

import static java.util.stream.Collectors.joining;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Admission;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.EffectFailed;
import dev.holdfast.kernel.RetryPolicy;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A workflow drawn by lot: a tree of effects, pure steps, scopes, branches, races, loops, waits,
 * runs of its own, and code that a deployment changes.
 */
sealed interface Program {
  /**
   * What a program plays in.
   *
   * @param child what its steps start as runs of their own
   * @param isChanged whether it executes the code of the later deployment
   */
  record Scene(World world, Workflow<String, String> child, boolean isChanged) {
    /** One in which nothing starts a run of its own or is changed. */
    static Scene of(World world) {
      Workflow<String, String> none =
          Workflow.of("none", String.class, String.class).body((run, input) -> input);
      return new Scene(world, none, false);
    }
  }

  /** How long a run waits for what people do. */
  Duration PATIENCE = Duration.ofDays(60);

  /** Executes it in a run and tells what it saw. */
  String play(Run run, Scene scene);

  /** What it must see in the end, whatever befell the run. */
  String expected();

  /** An effect; those of the same shared number name the same business fact. */
  record Act(String name, String fact, Contract contract, Optional<Integer> shared)
      implements Program {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    static final RetryPolicy MANY =
        new RetryPolicy(20, Duration.ofMillis(10), Duration.ofMillis(50), 0);

    @Override
    public String play(Run run, Scene scene) {
      Effect<String, String> effect = scene.world().undoable(contract).retry(MANY).timeout(TIMEOUT);
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
    public String play(Run run, Scene scene) {
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
    public String play(Run run, Scene scene) {
      return run.scope(
          name,
          inner -> {
            var seen = new ArrayList<String>();
            parts.forEach(part -> seen.add(part.play(inner, scene)));
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
    public String play(Run run, Scene scene) {
      var all = new ArrayList<Run.Branch<String>>();
      for (Program branch : branches) {
        all.add(new Run.Branch<>("b" + all.size(), inner -> branch.play(inner, scene)));
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
    public String play(Run run, Scene scene) {
      Effect<String, String> effect = scene.world().undoable(contract).retry(Act.MANY);
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
    public String play(Run run, Scene scene) {
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
    public String play(Run run, Scene scene) {
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
    public String play(Run run, Scene scene) {
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
    public String play(Run run, Scene scene) {
      String drawn = run.now() + " " + run.random().nextInt();
      return run.step(name, String.class, () -> drawn).equals(drawn) ? name : drawn;
    }

    @Override
    public String expected() {
      return name;
    }
  }

  /** Several programs of which the first to return counts. */
  record Contest(String name, List<Program> branches) implements Program {
    @Override
    public String play(Run run, Scene scene) {
      var all = new ArrayList<Run.Branch<String>>();
      for (Program branch : branches) {
        String label = "b" + all.size();
        all.add(
            new Run.Branch<>(
                label,
                inner -> {
                  String seen = branch.play(inner, scene);
                  return seen.equals(branch.expected()) ? label : "wrong: " + seen;
                }));
      }
      String first = run.race(name, all);
      StepPath race = run.scope().child("race", name, 0);
      Decision.winner(race, first).goOn(run, name, scene.world());
      return first.startsWith("b") ? name : first;
    }

    @Override
    public String expected() {
      return name;
    }
  }

  /**
   * A loop whose turns are sealed, each another program.
   *
   * @param turns at least one
   */
  record Loop(String name, List<Program> turns) implements Program {
    @Override
    public String play(Run run, Scene scene) {
      return run.turns(
          name,
          String.class,
          "",
          (turn, state) -> {
            int number = (int) state.chars().filter(c -> c == ';').count();
            String seen = turns.get(number).play(turn, scene);
            boolean isRight = seen.equals(turns.get(number).expected());
            String next = state + (isRight ? number : "wrong: " + seen) + ";";
            return number + 1 == turns.size() ? Run.Turn.done(next) : Run.Turn.next(next);
          });
    }

    @Override
    public String expected() {
      return IntStream.range(0, turns.size()).mapToObj(turn -> turn + ";").collect(joining());
    }
  }

  /**
   * A run of its own, whatever it comes to.
   *
   * @param input what it is started with
   * @param result what it returns where it completes
   */
  record Spawn(String name, String input, String result, Admission terms) implements Program {
    @Override
    public String play(Run run, Scene scene) {
      try {
        String seen = run.child(name, scene.child(), input, terms);
        return seen.equals(result) ? name : "wrong: " + seen;
      } catch (RunException.ChildEnded otherwise) {
        return name;
      }
    }

    @Override
    public String expected() {
      return name;
    }
  }

  /**
   * What a deployment replaces.
   *
   * @param old what it did; empty where the deployment inserts a step
   * @param changed what it does since; empty where the deployment removes a step
   */
  record Change(String name, Optional<Program> old, Optional<Program> changed) implements Program {
    @Override
    public String play(Run run, Scene scene) {
      boolean isNew = scene.isChanged() && run.patched(name);
      Optional<Program> code = isNew ? changed : old;
      String seen = code.map(program -> program.play(run, scene)).orElse("");
      Decision.patch(run.scope().child("patch", name, 0), isNew).goOn(run, name, scene.world());
      return seen.equals(code.map(Program::expected).orElse("")) ? name : "wrong: " + seen;
    }

    @Override
    public String expected() {
      return name;
    }
  }
}
