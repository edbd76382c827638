package dev.holdfast.gauntlet;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a schedule came to.
 *
 * @param histories what was recorded of each run
 * @param reached every boundary, in order
 * @param struck how many of its strikes met their place
 */
record Played<W>(
    Schedule schedule,
    W world,
    Map<RunState, List<Recorded>> histories,
    List<Schedule.Place> reached,
    int struck,
    Outside outside) {
  private static final int TRACE_MAX = 300;
  private static final int LINE_MAX = 300;

  Map<RunId, Status> ended() {
    var ended = new LinkedHashMap<RunId, Status>();
    runs().forEach(run -> ended.put(run.id(), run.status()));
    return ended;
  }

  List<RunState> runs() {
    return List.copyOf(histories.keySet());
  }

  List<Entry> entries(RunId run) {
    return histories.entrySet().stream()
        .filter(each -> each.getKey().id().equals(run))
        .flatMap(each -> each.getValue().stream())
        .map(Recorded::entry)
        .toList();
  }

  /** What was recorded, a line for each entry. */
  List<String> trace() {
    return histories.entrySet().stream()
        .flatMap(each -> each.getValue().stream().map(entry -> line(each.getKey(), entry)))
        .limit(TRACE_MAX)
        .toList();
  }

  private static String line(RunState run, Recorded recorded) {
    String line =
        "%s %d.%d %s %s"
            .formatted(
                run.id(), recorded.epoch(), recorded.sequence(), recorded.at(), recorded.entry());
    return line.length() > LINE_MAX ? line.substring(0, LINE_MAX) + "…" : line;
  }

  /** The result of a run, if it has one. */
  Optional<Payload> result(RunId run) {
    return entries(run).reversed().stream()
        .filter(Entry.RunCompleted.class::isInstance)
        .map(entry -> ((Entry.RunCompleted) entry).result())
        .findFirst();
  }
}
