package dev.holdfast.store;

import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Intent;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Workflows that use together all that a run can do, deployed anew with each opening of the store.
 *
 * <p>A trip called {@code second} fails in the end and is rolled back.
 */
final class Trips {
  static final Duration LONG = Duration.ofDays(1);
  static final int DAYS = 4;

  /** Where a fork of a trip is cut. */
  static final StepPath CUT = StepPath.ROOT.child("effect", "seat", 0);

  private final Outside outside;
  private final Map<String, Integer> sealed = new HashMap<>();
  private final List<String> redone = new ArrayList<>();
  private boolean isPatched;

  /** Waits for far longer than any test does. */
  final Workflow<String, String> waiting =
      Workflow.of("waiting", String.class, String.class).body(Trips::waitLong);

  final Workflow<String, String> packing;
  final Workflow<String, String> trip;

  /** Somebody cancels it. */
  final Workflow<String, String> visit;

  /** Its deadline comes while its child waits. */
  final Workflow<String, String> errand;

  /** Tells what its session left to it. */
  final Workflow<String, String> memory =
      Workflow.of("memory", String.class, String.class)
          .body((run, none) -> run.sessionState(String.class).orElse("nothing"));

  Trips(Outside outside) {
    this.outside = outside;
    this.packing = undoable("packing").body(this::pack);
    this.trip = undoable("trip").failsOn(SoldOut.class).body(this::travel);
    this.visit = Workflow.of("visit", String.class, String.class).body(this::call);
    this.errand =
        Workflow.of("errand", String.class, String.class)
            .body((run, name) -> run.child("wait", waiting, name));
  }

  /** There is no room, so the trip does not take place. */
  private static final class SoldOut extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private Workflow.Definition<String, String> undoable(String name) {
    return Workflow.of(name, String.class, String.class)
        .undo("cancel", String.class, String.class, outside::cancel)
        .undo("cancel-booking", String.class, Long.class, outside::cancelBooking)
        .undo(
            new Workflow.Undo<>(
                "release", String.class, String.class, Contract.ONCE, outside::release))
        .onFailure(Workflow.OnFailure.ROLL_BACK);
  }

  /** The code is changed: it knows a patch from now on. */
  synchronized void deploy(Map<String, Integer> daysSealed) {
    isPatched = true;
    sealed.clear();
    sealed.putAll(daysSealed);
  }

  /** Turns that were executed although they had been sealed before. */
  synchronized List<String> redone() {
    return List.copyOf(redone);
  }

  private static String waitLong(Run run, String name) {
    run.sleep("long", LONG);
    return "slept";
  }

  private String travel(Run run, String trip) {
    String before = run.sessionState(String.class).orElse("nobody");
    run.handOn(trip);
    boolean isNew = run.patched("from-the-start");
    run.effect("diary", trip + " after " + before, keyed());
    String drawn = run.step("draw", String.class, () -> UUID.randomUUID().toString());
    String dated = drawn + " " + run.now() + " " + run.random().nextInt();
    run.effect("ticket", trip + " ticket " + dated, keyed());
    String parcel = run.child("pack", packing, trip);
    int booked = book(run, trip);
    String day = run.turns("days", String.class, "0", (turn, at) -> day(turn, trip, at));
    String first = run.race("bid", bids(trip));
    run.effect("prize", trip + " prize " + first, keyed());
    letter(run, trip);
    String word = meet(run);
    String end = decide(run, trip);
    return String.join(" ", parcel, booked + "", day, word, isNew + "", end);
  }

  private int book(Run run, String trip) {
    run.scope(
        "stay",
        stay ->
            stay.effect("room", trip + " room", outside.transactional().undo("cancel-booking")));
    run.effect("map", trip + " map", outside.idempotent().undo("cancel"));
    return run.parallel("both", List.of(buyer("car", trip), buyer("guide", trip))).size();
  }

  private Run.Branch<String> buyer(String what, String trip) {
    return new Run.Branch<>(what, branch -> buy(branch, trip + " " + what));
  }

  private String buy(Run run, String fact) {
    return run.effect("buy", fact, keyed());
  }

  private Run.Turn<String> day(Run run, String trip, String at) {
    int day = Integer.parseInt(at);
    enter(run.id().text(), day);
    run.effect("eat", trip + " meal " + day, keyed());
    return day + 1 < DAYS
        ? Run.Turn.next(Integer.toString(day + 1))
        : Run.Turn.done(Integer.toString(DAYS));
  }

  private synchronized void enter(String run, int day) {
    if (day < sealed.getOrDefault(run, 0)) {
      redone.add(run + " day " + day);
    }
  }

  /** Two that can win, and two that wait for too long: a timer and a run of its own. */
  private List<Run.Branch<String>> bids(String trip) {
    return List.of(
        bidder("ann", trip),
        bidder("bob", trip),
        new Run.Branch<>("late", branch -> waitLong(branch, trip)),
        new Run.Branch<>("asked", branch -> branch.child("ask", waiting, trip)));
  }

  private Run.Branch<String> bidder(String who, String trip) {
    return new Run.Branch<>(
        who,
        branch -> {
          buy(branch, trip + " bid " + who);
          return who;
        });
  }

  /** Only the changed code asks for the patch. */
  private void letter(Run run, String trip) {
    run.scope(
        "mail",
        mail -> {
          String age = isPatched() && mail.patched("letters") ? "new" : "old";
          return mail.effect("letter", trip + " letter " + age, keyed());
        });
  }

  private synchronized boolean isPatched() {
    return isPatched;
  }

  private static String meet(Run run) {
    run.sleep("rest", Duration.ofMillis(1));
    return run.awaitSignal("go", String.class, LONG).orElse("none");
  }

  private String decide(Run run, String trip) {
    run.effect("seat", trip + " seat", outside.once().undo("release"));
    boolean isGranted = run.awaitApproval("pay", trip, LONG).granted();
    String seen = run.read("look", String.class, () -> "sun");
    run.effect("guard", trip + " guard", outside.verified().undo("cancel"));
    run.effect(
        "visa",
        trip + " visa",
        outside.verified().undo("cancel").oncePer(Intent.Scope.GLOBAL, "visa", trip));
    run.effect("club", "club", club());
    if (trip.equals("second")) {
      throw new SoldOut();
    }
    return isGranted + " " + seen;
  }

  /** All runs want the same membership. */
  private Effect<String, String> club() {
    return outside
        .keyed()
        .noUndo("who is a member stays one")
        .oncePer(Intent.Scope.GLOBAL, "club", "member");
  }

  private String pack(Run run, String trip) {
    return "packed " + buy(run, trip + " parcel");
  }

  private String call(Run run, String name) {
    run.effect("club", "club", club());
    run.effect("buy", name + " flowers", outside.keyed());
    return run.awaitSignal("never", String.class, LONG).orElse("none");
  }

  private Effect<String, String> keyed() {
    return outside.keyed().undo("cancel");
  }
}
