package dev.holdfast.testing;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.StoreFailed;
import dev.holdfast.journal.Verdict;
import dev.holdfast.journal.spi.Fenced;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.json.JsonCodec;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.RunException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Those who start runs, answer, send, settle, cancel, and try again where a worker was gone. */
final class People {
  private static final String WHO = "ann";
  private static final String WHY = "so it is";
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
  private final Set<RunId> cancelled = new HashSet<>();
  private final Set<RunId> undone = new HashSet<>();
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
        attempt(() -> start(run));
      }
      for (MemoryRun run : List.copyOf(storage.runs.values())) {
        attempt(() -> fleet.client().ifPresent(client -> act(run, audit.planned(run), client)));
      }
      baton.scheduler("people").awaitAtMost(new CompletableFuture<Void>(), LOOK_EVERY);
    }
  }

  private boolean isAllEnded() {
    return started.size() == plan.runs().size()
        && storage.runs.values().stream()
            .allMatch(run -> run.status.isEnded() && !isToBeUndone(run) && !isToBeResumed(run));
  }

  /** A rollback that met a run in the moment of its completion is asked for again. */
  private boolean isToBeUndone(MemoryRun run) {
    return audit.planned(run).fate().rollBackAfter().isPresent()
        && (!undone.contains(run.start.id()) || run.status == Status.COMPLETED);
  }

  private boolean isToBeResumed(MemoryRun run) {
    return run.status == Status.TRUNCATED
        && run.start.started().parent().isEmpty()
        && audit.planned(run).fate().isResumed();
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

  private boolean isTime(Duration after) {
    return baton.turns().elapsed().compareTo(after) >= 0;
  }

  private void start(Plan.PlannedRun run) {
    if (!started.contains(run.id()) && isTime(run.fate().startAfter())) {
      fleet
          .any()
          .ifPresent(engine -> {
            engine.start(fleet.workflow(), run.id(), run.id(), run.admission());
            started.add(run.id());
            audit.acknowledged(new RunId(run.id()));
          });
    }
  }

  private void act(MemoryRun run, Plan.PlannedRun planned, Client client) {
    RunId id = run.start.id();
    if (isToBeUndone(run) && planned.fate().rollBackAfter().filter(this::isTime).isPresent()) {
      undone.add(id);
      attempt(() -> rollBack(run, client));
    }
    if (isToBeResumed(run)) {
      attempt(() -> resume(run, client));
    }
    if (run.status.isEnded()) {
      return;
    }
    if (planned.fate().cancelAfter().filter(this::isTime).isPresent() && cancelled.add(id)) {
      attempt(() -> cancel(run, client));
    }
    for (Program.Hear signal : planned.signals()) {
      send(run, signal, client);
    }
    for (Entry.ApprovalAsked question : client.questions(id.text())) {
      attempt(() -> approve(run, question, client));
    }
    if (run.status == Status.IN_DOUBT) {
      settle(run, client);
    } else if (run.status == Status.QUARANTINED) {
      attempt(() -> resume(run, client));
    }
  }

  private void rollBack(MemoryRun run, Client client) {
    audit.rollingBack(run.start.id());
    sent(run, new Message.RollBack(WHO, WHY), () -> client.rollBack(text(run), WHO, WHY));
  }

  private void cancel(MemoryRun run, Client client) {
    audit.cancelling(run.start.id());
    sent(run, new Message.Cancel(WHO, WHY), () -> client.cancel(text(run), WHO, WHY));
  }

  private void resume(MemoryRun run, Client client) {
    sent(run, new Message.Resume(WHO, WHY), () -> client.resume(text(run), WHO, WHY));
  }

  private void approve(MemoryRun run, Entry.ApprovalAsked question, Client client) {
    sent(
        run,
        new Message.Approve(question.path(), question.digest(), true, WHO, WHY),
        () -> client.approve(text(run), question, true, WHO, WHY));
  }

  private static String text(MemoryRun run) {
    return run.start.id().text();
  }

  /** What is acknowledged must not be lost from then on. */
  private void sent(MemoryRun run, Message message, Runnable sending) {
    int before = run.entries.size();
    sending.run();
    audit.acknowledged(run.start.id(), message, before);
  }

  /** Once or several times, early or late, at times followed by another one: it counts once. */
  private void send(MemoryRun run, Program.Hear signal, Client client) {
    if (sent.contains(text(run) + signal.name()) || random.nextInt(3) == 0) {
      return;
    }
    for (int times = 1 + random.nextInt(2); times > 0; times--) {
      send(run, signal, "m-" + signal.name(), client);
    }
    if (random.nextBoolean()) {
      sent.add(text(run) + signal.name());
    } else if (random.nextInt(3) == 0) {
      send(run, signal, "again-" + signal.name(), client);
    }
  }

  private void send(MemoryRun run, Program.Hear signal, String id, Client client) {
    audit.sending(run.start.id(), id);
    sent(
        run,
        new Message.Signal(signal.name(), id, client.encode(signal.name()), WHO, WHY),
        () -> client.signal(text(run), signal.name(), id, signal.name(), WHO));
  }

  /** They look at the target, once nothing is on its way to it. */
  private void settle(MemoryRun run, Client client) {
    if (fleet.hasSlowCalls()) {
      return;
    }
    List<Recorded> history = List.copyOf(run.entries);
    history.stream()
        .map(Recorded::entry)
        .filter(Entry.EffectDoubted.class::isInstance)
        .map(doubted -> ((Entry.EffectDoubted) doubted).path())
        .distinct()
        .forEach(path -> settle(run, path, factOf(history, path), client));
  }

  private void settle(MemoryRun run, StepPath path, String fact, Client client) {
    Verdict verdict =
        world.happened(fact) == 0
            ? new Verdict.DidNotHappen()
            : new Verdict.Happened(client.encode(World.answer(fact)));
    attempt(() ->
        sent(
            run,
            new Message.Settle(path, verdict, WHO, WHY),
            () -> client.settle(text(run), path, verdict, WHO, WHY)));
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
