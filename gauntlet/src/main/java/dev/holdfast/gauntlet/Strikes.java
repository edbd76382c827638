package dev.holdfast.gauntlet;

import dev.holdfast.gauntlet.Schedule.Moment;
import dev.holdfast.gauntlet.Schedule.Place;
import dev.holdfast.gauntlet.Schedule.Strike;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The strikes of a schedule that are still to come, and the places that were reached. */
final class Strikes {
  private record Spot(Moment moment, RunId run, StepPath path) {}

  private final Map<Spot, Integer> visits = new HashMap<>();
  private final List<Place> reached = new ArrayList<>();
  private final List<Strike> left;
  private int struck;

  Strikes(Schedule schedule) {
    left = new ArrayList<>(schedule.strikes());
  }

  /** Notes that a run gets there. */
  Place arrive(Moment moment, RunId run, StepPath path) {
    int visit = visits.merge(new Spot(moment, run, path), 1, Integer::sum);
    var place = new Place(moment, run, path, visit);
    reached.add(place);
    return place;
  }

  /** The place of a call that is just leaving. */
  Place ofCall(RunId run, StepPath path) {
    var spot = new Spot(Moment.BEFORE_CALL, run, path);
    return new Place(spot.moment, run, path, visits.getOrDefault(spot, 1));
  }

  /** What of these groups strikes there, which it does once. */
  Optional<Fault> take(Place place, Set<Fault.Group> groups) {
    Optional<Strike> due =
        left.stream()
            .filter(each -> each.place().equals(place) && groups.contains(each.fault().group()))
            .findFirst();
    due.ifPresent(left::remove);
    struck += due.isPresent() ? 1 : 0;
    return due.map(Strike::fault);
  }

  /** Takes back that one struck. */
  void spared() {
    struck--;
  }

  int struck() {
    return struck;
  }

  List<Place> reached() {
    return List.copyOf(reached);
  }
}
