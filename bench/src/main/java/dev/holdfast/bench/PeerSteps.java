package dev.holdfast.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Durable steps a second, in rounds in which each system has its turn; all systems stay open and
 * warm over all rounds. For one thread.
 */
final class PeerSteps implements AutoCloseable {
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final Duration PHASE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int WARM_UPS = 2;
  private static final int WARM_UPS_MAX = 12;

  private final PeerResults results;
  private final Map<PeerSystem, PeerProcess> open = new EnumMap<>(PeerSystem.class);
  private int batch = 1;

  PeerSteps(PeerResults results) {
    this.results = results;
  }

  /** Opens the system and warms it up; to be called in the order in which they take turns. */
  void open(PeerPlace place) throws IOException {
    PeerProcess process = place.start();
    open.put(place.system(), process);
    for (int i = 0; i < WARM_UPS || (place.isCold() && i < WARM_UPS_MAX); i++) {
      measure(place.system(), process, WARM_UP);
    }
    if (place.isCold()) {
      throw new IllegalStateException("its log did not reach its full length; use a faster disk");
    }
  }

  /** One turn of each system, with what the disk alone does before it. */
  void round(FlushProbe probe) throws IOException {
    results.flushes().add(probe.medianMillis());
    for (Map.Entry<PeerSystem, PeerProcess> each : open.entrySet()) {
      results.enterSteps(each.getKey(), measure(each.getKey(), each.getValue(), PHASE));
    }
  }

  private double measure(PeerSystem system, PeerProcess process, Duration length)
      throws IOException {
    Map<String, Double> facts =
        process.ask("steps %d %d".formatted(length.toMillis(), batch), PATIENCE);
    results.enterUnfinished(Math.round(fact(facts, "unfinished")));
    if (system == model()) {
      batch = (int) Math.max(1, Math.round(fact(facts, "batch")));
    }
    return fact(facts, "steps_s");
  }

  /** Whose mean size of commits the bare writer takes over. */
  private PeerSystem model() {
    return open.containsKey(PeerSystem.HOLDFAST_SQLITE)
        ? PeerSystem.HOLDFAST_SQLITE
        : PeerSystem.HOLDFAST_POSTGRES;
  }

  private static double fact(Map<String, Double> facts, String name) {
    return facts.getOrDefault(name, Double.NaN);
  }

  /** Ends all of them in good order. */
  @Override
  public void close() throws IOException {
    try {
      for (PeerProcess process : open.values()) {
        process.end();
      }
    } finally {
      open.values().forEach(PeerProcess::close);
    }
  }
}
