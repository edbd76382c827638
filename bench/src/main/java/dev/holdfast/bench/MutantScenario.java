package dev.holdfast.bench;

import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a kernel with a planted bug is played on: small runs that use each guarantee once. */
final class MutantScenario implements Scenario<MutantScenario.Town> {
  private static final String ORDER = "order-1";
  private static final String DENIED = "order-2";
  private static final String TRIP = "trip-1";
  private static final List<String> BILLS = List.of("bill-a", "bill-b");
  private static final int LOOKS_UNTIL_SETTLED = 4;

  /** Targets that count what really reached them. */
  static final class Town {
    private final Map<IdempotencyKey, String> refunds = new LinkedHashMap<>();
    private final Map<IdempotencyKey, String> rooms = new LinkedHashMap<>();
    private final Map<IdempotencyKey, String> cancelled = new LinkedHashMap<>();
    private final List<IdempotencyKey> letters = new ArrayList<>();
    private final List<String> pickups = new ArrayList<>();
    private final List<String> bills = new ArrayList<>();
    private final Map<String, Integer> looks = new LinkedHashMap<>();
    private final Set<String> acknowledged = new HashSet<>();

    private String refund(IdempotencyKey key, String order) {
      return refunds.computeIfAbsent(key, fresh -> "refund of " + order);
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

    private String pay(IdempotencyKey key, String bill) {
      bills.add(bill);
      return "paid " + bill;
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
    var order =
        Workflow.of("order", String.class, String.class).body((run, in) -> order(run, town));
    var denied =
        Workflow.of("denied", String.class, String.class).body((run, in) -> asked(run, town));
    var bill = Workflow.of("bill", String.class, String.class).body((run, in) -> bill(run, town));
    var trip =
        Workflow.of("trip", String.class, String.class)
            .undo("cancel", String.class, String.class, (key, what, room) -> town.cancel(key, what))
            .failsOn(NoTrain.class)
            .onFailure(Workflow.OnFailure.ROLL_BACK)
            .body((run, in) -> trip(run, town));
    engine.register(order, denied, bill, trip);
    engine.start(order, ORDER, "");
    engine.start(denied, DENIED, "");
    engine.start(trip, TRIP, "");
    BILLS.forEach(id -> engine.start(bill, id, ""));
  }

  private static String order(Run run, Town town) {
    String goods = run.awaitSignal("goods", String.class, Duration.ofDays(20)).orElse("nothing");
    return String.join(
        ", ",
        goods,
        run.effect("refund", goods, Effect.keyed(String.class, town::refund)),
        run.effect("write", "1", Effect.verified(String.class, town::write, town::letter)),
        run.effect("pick-up", "1", Effect.once(String.class, town::pickUp)));
  }

  private static String asked(Run run, Town town) {
    return switch (run.awaitApproval("boss", "refund", Approval.by("ada"))) {
      case Approval.Granted yes ->
          run.effect("refund", "2", Effect.keyed(String.class, town::refund));
      case Approval.Denied no -> "denied";
      case Approval.Expired silence -> "nobody answered";
    };
  }

  private static String bill(Run run, Town town) {
    return run.effect(
        "pay", "9", Effect.once(String.class, town::pay).oncePer(Intent.Scope.GLOBAL, "bill", "9"));
  }

  private static String trip(Run run, Town town) {
    var book = Effect.keyed(String.class, town::book).undo("cancel");
    run.effect("hotel", "hotel", book);
    run.effect("flight", "flight", book);
    throw new NoTrain();
  }

  @Override
  public void attend(Client client, Town town, RunState run) {
    String id = run.id().text();
    if (id.equals(ORDER) && !town.acknowledged.contains(id)) {
      client.signal(id, "goods", "scan-1", "the parcel", "gate 3");
      town.acknowledged.add(id); // whoever was told that it arrived does not send it again
    }
    if (id.equals(DENIED) && run.status() == Status.AWAITING_APPROVAL) {
      for (Entry.ApprovalAsked question : client.questions(id)) {
        client.approve(id, question, false, "ada", "not this one");
      }
    }
    if (run.status() == Status.QUARANTINED && !town.bills.isEmpty()) {
      client.resume(id, "ada", "the doubt that it met is settled");
    }
    if (run.status() == Status.IN_DOUBT
        && town.looks.merge(id, 1, Integer::sum) % LOOKS_UNTIL_SETTLED == 0
        && client.find(id, String.class).outcome() instanceof Outcome.InDoubt<String> doubt) {
      doubt.effects().forEach(each -> settle(client, town, id, each));
    }
  }

  private static void settle(Client client, Town town, String id, Outcome.Doubt doubt) {
    boolean isBill = BILLS.contains(id);
    boolean hasHappened = !(isBill ? town.bills : town.pickups).isEmpty();
    String result = isBill ? "paid 9" : "van for 1";
    client.settle(
        id,
        doubt.path(),
        hasHappened ? new Verdict.Happened(client.encode(result)) : new Verdict.DidNotHappen(),
        "ada",
        "asked them");
  }

  @Override
  public void check(Town town, Map<RunId, Status> ended) {
    ended.forEach((run, status) -> {
      Status expected = run.text().equals(TRIP) ? Status.COMPENSATED : Status.COMPLETED;
      require(status == expected, run + " ended as " + status);
    });
    require(
        List.copyOf(town.refunds.values()).equals(List.of("refund of the parcel")),
        "refunds: " + town.refunds.values());
    require(town.letters.size() == 1, "letters: " + town.letters.size());
    require(town.pickups.size() == 1, "vans: " + town.pickups);
    require(town.bills.size() == 1, "payments of one bill: " + town.bills);
    require(
        town.rooms.size() == 2 && town.cancelled.size() == 2,
        "rooms %s, cancelled %s".formatted(town.rooms.values(), town.cancelled.values()));
  }

  private static void require(boolean isSo, String found) {
    if (!isSo) {
      throw new AssertionError("It is not as it must be: " + found);
    }
  }
}
