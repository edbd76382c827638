package dev.holdfast.bench;

import java.util.List;

/**
 * When a child announces that it is time to kill it.
 *
 * @param steps how many steps of the campaign must be durable by then
 * @param boundaries how many more boundaries it passes after that
 * @param stands whether it stands still there, or runs on while the kill is on its way
 */
record KillOrder(int steps, int boundaries, boolean stands) {
  static final String REACHED = "holdfast-reached ";
  static final String DONE = "holdfast-done ";

  /** Never. */
  static final KillOrder NEVER = new KillOrder(Integer.MAX_VALUE, 0, false);

  String announcement() {
    return this.equals(NEVER) ? DONE : REACHED;
  }

  String text() {
    return "%d,%d,%b".formatted(steps, boundaries, stands);
  }

  static KillOrder parse(String text) {
    List<String> parts = List.of(text.split(",", -1));
    return new KillOrder(
        Integer.parseInt(parts.get(0)),
        Integer.parseInt(parts.get(1)),
        Boolean.parseBoolean(parts.get(2)));
  }
}
