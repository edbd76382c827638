package dev.holdfast.bench;

import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.Verdict;
import dev.holdfast.kernel.Approval;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A complaint that is settled with every effect contract, a signal, an approval, a timer and a
 * child, and a trip beside it that fails and is rolled back; all of it in memory.
 */
final class ComplaintScenario implements Scenario<ComplaintScenario.Town> {
  private static final String COMPLAINT = "complaint-17";
  private static final String TRIP = "trip-17";
  private static final String GOODS_BACK = "goods-back";

  /** A bank, a mailbox, a courier and a hotel, which count what really reached them. */
  static final class Town {
    private final Map<IdempotencyKey, String> refunds = new LinkedHashMap<>();
    private final Map<IdempotencyKey, String> labels = new LinkedHashMap<>();
    private final Map<IdempotencyKey, String> rooms = new LinkedHashMap<>();
    private final Map<IdempotencyKey, String> cancelled = new LinkedHashMap<>();
    private final List<IdempotencyKey> letters = new ArrayList<>();
    private final List<String> pickups = new ArrayList<>();
    private int looks;

    private String refund(IdempotencyKey key, String order) {
      return refunds.computeIfAbsent(key, fresh -> "refund of " + order);
    }

    private String label(IdempotencyKey key, String order) {
      return labels.computeIfAbsent(key, fresh -> "label for " + order);
    }

    private String write(IdempotencyKey key, String order) {
      letters.add(key);
      return "letter about " + order;
    }

    private Effect.Answer<String> letter(IdempotencyKey key, String order) {
      return letters.contains(key)
          ? new Effect.Answer.Happened<>("letter about " + order)
          : new Effect.Answer.DidNotHappen<>();
    }

    private String pickUp(IdempotencyKey key, String order) {
      pickups.add(order);
      return "van for " + order;
    }

    private String book(IdempotencyKey key, String what) {
      return rooms.computeIfAbsent(key, fresh -> what);
    }

    private void cancel(IdempotencyKey key, String what) {
      cancelled.putIfAbsent(key, what);
    }
  }

  /** What the trip throws, so that it is rolled back. */
  private static final class NoTrain extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoTrain() {
      super("There is no train.");
    }
  }

  @Override
  public Town world() {
    return new Town();
  }

  @Override
  public void begin(Engine engine, Town town) {
    var packing =
        Workflow.of("packing", String.class, String.class)
            .body((run, order) ->
                run.effect("label", order, Effect.keyed(String.class, town::label)));
    var complaint =
        Workflow.of("complaint", String.class, String.class)
            .body((run, order) -> settle(run, order, town, packing));
    var trip =
        Workflow.of("trip", String.class, String.class)
            .undo("cancel", String.class, String.class, (key, what, room) -> town.cancel(key, what))
            .failsOn(NoTrain.class)
            .onFailure(Workflow.OnFailure.ROLL_BACK)
            .body((run, who) -> travel(run, who, town));
    engine.register(packing, complaint, trip);
    engine.start(complaint, COMPLAINT, "17");
    engine.start(trip, TRIP, "ada");
  }

  private static String settle(Run run, String order, Town town, Workflow<String, String> packing) {
    String packed = run.child("pack", packing, order);
    String goods = run.awaitSignal(GOODS_BACK, String.class, Duration.ofDays(20)).orElse("nothing");
    run.sleep("let-it-be-checked", Duration.ofHours(1));
    return switch (run.awaitApproval("manager", goods, Approval.by("ada", "bob"))) {
      case Approval.Granted yes ->
          String.join(
              ", ",
              packed,
              goods,
              run.effect("refund", order, Effect.keyed(String.class, town::refund)),
              run.effect("write", order, Effect.verified(String.class, town::write, town::letter)),
              run.effect("pick-up", order, Effect.once(String.class, town::pickUp)));
      case Approval.Denied no -> "refused";
      case Approval.Expired silence -> "nobody answered";
    };
  }

  private static String travel(Run run, String who, Town town) {
    var book = Effect.keyed(String.class, town::book).undo("cancel");
    run.effect("hotel", "hotel for " + who, book);
    run.effect("flight", "flight for " + who, book);
    throw new NoTrain();
  }

  @Override
  public void attend(Client client, Town town, RunState run) {
    if (!run.id().text().equals(COMPLAINT)) {
      return;
    }
    switch (run.status()) {
      case WAITING, READY, EXECUTING ->
          client.signal(COMPLAINT, GOODS_BACK, "scan-1", "the parcel", "gate 3");
      case AWAITING_APPROVAL -> approve(client);
      case IN_DOUBT -> settle(client, town);
      default -> {}
    }
  }

  private static void approve(Client client) {
    for (Entry.ApprovalAsked question : client.questions(COMPLAINT)) {
      client.approve(COMPLAINT, question, true, "ada", "seen");
    }
  }

  /** Somebody asks the courier, once a van that was on its way must have arrived. */
  private static void settle(Client client, Town town) {
    if (++town.looks % 4 == 0
        && client.find(COMPLAINT, String.class).outcome()
            instanceof Outcome.InDoubt<String> doubt) {
      Verdict found =
          town.pickups.isEmpty()
              ? new Verdict.DidNotHappen()
              : new Verdict.Happened(client.encode("van for 17"));
      doubt
          .effects()
          .forEach(each -> client.settle(COMPLAINT, each.path(), found, "ada", "asked them"));
    }
  }

  @Override
  public void check(Town town, Map<RunId, Status> ended) {
    require(town.refunds.size() <= 1, "refunds", town.refunds);
    require(town.labels.size() <= 1, "labels", town.labels);
    require(town.letters.size() <= 1, "letters", town.letters);
    require(town.pickups.size() <= 1, "vans", town.pickups);
    require(town.cancelled.size() <= town.rooms.size(), "cancellations", town.cancelled);
    if (ended.get(new RunId(TRIP)) == Status.COMPENSATED) {
      require(town.cancelled.size() == town.rooms.size(), "cancellations", town.cancelled);
    }
  }

  private static void require(boolean isSo, String what, Object found) {
    if (!isSo) {
      throw new AssertionError("The number of %s is wrong: %s.".formatted(what, found));
    }
  }
}
