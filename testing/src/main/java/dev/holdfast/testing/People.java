package dev.holdfast.testing;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.RunException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Those who start runs, answer, send, settle, cancel, and try again where a worker was gone. */
final class People {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofDays(300);
  private final Baton baton;
  private final Plan plan;
  private final World world;
  private final Fleet fleet;
  private final Audit audit;
  private final InMemoryJournal.Storage storage;
  private final Random random;
  private final Set<String> started = new HashSet<>();
  private final Set<String> cancelled = new HashSet<>();
  private final Set<String> sent = new HashSet<>();

  People(
      Baton baton,
      Plan plan,
      World world,
      Fleet fleet,
      Audit audit,
      InMemoryJournal.Storage storage) {
    this.baton = baton;
    this.plan = plan;
    this.world = world;
    this.fleet = fleet;
    this.audit = audit;
    this.storage = storage;
    this.random = baton.turns().random();
  }

  /** Returns once every run has ended. */
  void seeToIt() throws InterruptedException {
    while (!isAllEnded()) {
      if (baton.turns().elapsed().compareTo(PATIENCE) > 0) {
        throw new AssertionError("Runs have not ended within %s: %s".formatted(PATIENCE, audit));
      }
      for (Plan.PlannedRun run : plan.runs()) {
        attempt(() -> see(run));
      }
      baton.scheduler("people").awaitAtMost(new CompletableFuture<Void>(), LOOK_EVERY);
    }
  }

  private boolean isAllEnded() {
    return started.size() == plan.runs().size()
        && plan.runs().stream().allMatch(run -> found(run).status.isEnded());
  }

  private MemoryRun found(Plan.PlannedRun run) {
    return Objects.requireNonNull(storage.runs.get(new RunId(run.id())), run.id());
  }

  /** Whoever gets no answer asks again later, perhaps another worker. */
  private static void attempt(Runnable act) {
    try {
      act.run();
    } catch (StoreFailed | Fenced gone) {
      Thread.onSpinWait();
    } catch (RunException.MessageNotAccepted notNeeded) {
      Thread.onSpinWait();
    }
  }

  private void see(Plan.PlannedRun run) {
    if (!started.contains(run.id())) {
      fleet.any().filter(engine -> isTime(run.startAfter())).ifPresent(e -> start(run, e));
      return;
    }
    fleet.client().ifPresent(client -> act(run, client));
  }

  private boolean isTime(Duration after) {
    return baton.turns().elapsed().compareTo(after) >= 0;
  }

  private void start(Plan.PlannedRun run, Engine engine) {
    String input = Integer.toString(plan.runs().indexOf(run));
    engine.start(fleet.workflow(), run.id(), input, run.admission());
    started.add(run.id());
    audit.acknowledged(new RunId(run.id()));
  }

  private void act(Plan.PlannedRun run, Client client) {
    Status status = found(run).status;
    if (status.isEnded()) {
      return;
    }
    if (run.cancelAfter().filter(this::isTime).isPresent() && cancelled.add(run.id())) {
      audit.cancelling(new RunId(run.id()));
      attempt(() -> client.cancel(run.id(), "ann", "no longer wanted"));
    }
    for (Program.Hear signal : run.signals()) {
      send(run, signal, client);
    }
    for (Entry.ApprovalAsked question : client.questions(run.id())) {
      attempt(() -> client.approve(run.id(), question, true, "ann", "fine"));
    }
    switch (status) {
      case IN_DOUBT -> settle(run, client);
      case QUARANTINED -> attempt(() -> client.resume(run.id(), "ann", "try again"));
      case READY, EXECUTING, WAITING, AWAITING_APPROVAL, TRUNCATED, COMPLETED, FAILED, CANCELLED ->
          Thread.onSpinWait();
    }
  }

  /** Once or several times, early or late: it counts once. */
  private void send(Plan.PlannedRun run, Program.Hear signal, Client client) {
    if (sent.contains(run.id() + signal.name()) || random.nextInt(3) == 0) {
      return;
    }
    for (int times = 1 + random.nextInt(2); times > 0; times--) {
      client.signal(run.id(), signal.name(), "m-" + signal.name(), signal.name(), "ann");
      audit.acknowledged(new RunId(run.id()), "m-" + signal.name());
    }
    if (random.nextBoolean()) {
      sent.add(run.id() + signal.name());
    }
  }

  /** They look at the target, once nothing is on its way to it. */
  private void settle(Plan.PlannedRun run, Client client) {
    if (fleet.hasSlowCalls()) {
      return;
    }
    List<Recorded> history = List.copyOf(found(run).entries);
    history.stream()
        .map(Recorded::entry)
        .filter(Entry.EffectDoubted.class::isInstance)
        .map(doubted -> ((Entry.EffectDoubted) doubted).path())
        .distinct()
        .forEach(path -> settle(run, path, factOf(history, path), client));
  }

  private void settle(Plan.PlannedRun run, StepPath path, String fact, Client client) {
    Verdict verdict =
        world.happened(fact) == 0
            ? new Verdict.DidNotHappen()
            : new Verdict.Happened(client.encode(World.answer(fact)));
    attempt(() -> client.settle(run.id(), path, verdict, "ann", "looked"));
  }

  private static String factOf(List<Recorded> history, StepPath path) {
    return history.stream()
        .map(Recorded::entry)
        .filter(Entry.EffectIntended.class::isInstance)
        .map(Entry.EffectIntended.class::cast)
        .filter(intended -> intended.path().equals(path))
        .map(intended -> JsonCodec.standard().decode(intended.call().input(), String.class))
        .map(String::valueOf)
        .findFirst()
        .orElseThrow();
  }
}
