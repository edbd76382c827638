package dev.holdfast.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Plays the workloads on all systems; what one of them fails in is told, and the others go on. */
record PeersCampaign(Shell shell, PeerStage stage, PeerResults results, List<PeerSystem> systems) {
  /** One workload on one system. */
  private interface Play {
    void on(PeerSystem system) throws IOException, SQLException;
  }

  private void attempt(String workload, PeerSystem system, Play play) {
    shell.say("  %s, %s".formatted(workload, system.title()));
    try {
      play.on(system);
    } catch (IOException | SQLException | RuntimeException failed) {
      String what = "%s, %s: %s".formatted(workload, system.title(), failed.getMessage());
      shell.say("  " + what);
      results.enterMissing(what.lines().limit(2).collect(Collectors.joining(" ")));
    }
  }

  /** A: durable steps a second, in rounds. */
  void steps(int rounds) throws IOException {
    try (var workload = new PeerSteps(results);
        Progress progress = shell.progress("A, rounds", rounds)) {
      for (PeerSystem system : systems) {
        attempt("A, warming up", system, each -> workload.open(stage.place(each, "a")));
      }
      for (int round = 1; round <= rounds; round++) {
        workload.round(new FlushProbe(stage.folder().resolve(round + ".probe")));
        progress.step();
      }
    }
  }

  /** B: bytes of one long run. */
  void history(int turns) {
    var workload = new PeerHistory(turns);
    for (PeerSystem system : systems) {
      attempt(
          "B",
          system,
          each -> {
            try (PeerPlace place = stage.place(each, "b")) {
              results.enterBytes(each, workload.play(place));
            }
          });
    }
  }

  /** C: recovery of many half-done runs. */
  void recovery(int runs) {
    var workload = new PeerRecovery(runs);
    for (PeerSystem system : systems.stream().filter(PeerSystem::recovers).toList()) {
      attempt(
          "C",
          system,
          each -> {
            try (PeerPlace place = stage.place(each, "c")) {
              results.enter(each, workload.play(place));
            }
          });
    }
  }

  /** E: effects under kills. */
  void effects(int runs, int kills) {
    var workload = new PeerEffects(runs, kills);
    for (PeerSystem system : systems) {
      attempt(
          "E",
          system,
          each -> {
            try (PeerPlace place = stage.place(each, "e")) {
              results.enter(each, workload.play(place));
            }
          });
    }
  }

  /** E once more, where the target honours no keys: only Holdfast has a contract for that. */
  void effectsOnce(int runs, int kills) {
    var workload = new PeerEffects(runs, kills);
    List<PeerSystem> ours = new ArrayList<>(systems);
    ours.retainAll(List.of(PeerSystem.HOLDFAST_SQLITE, PeerSystem.HOLDFAST_POSTGRES));
    for (PeerSystem system : ours) {
      attempt(
          "E, once",
          system,
          each -> {
            try (PeerPlace place = stage.place(each, "e_once", false)) {
              results.enterOnce(each, workload.play(place));
            }
          });
    }
  }
}
