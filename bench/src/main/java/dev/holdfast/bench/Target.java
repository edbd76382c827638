package dev.holdfast.bench;

import java.util.Locale;

/** A measured figure beside what it should be. */
record Target(String what, double measured, Bound bound, double value) {
  /** Which side of the value is good. */
  enum Bound {
    AT_MOST("<="),
    LESS_THAN("<"),
    AT_LEAST(">=");

    private final String sign;

    Bound(String sign) {
      this.sign = sign;
    }
  }

  static Target atMost(String what, double measured, double value) {
    return new Target(what, measured, Bound.AT_MOST, value);
  }

  static Target lessThan(String what, double measured, double value) {
    return new Target(what, measured, Bound.LESS_THAN, value);
  }

  static Target atLeast(String what, double measured, double value) {
    return new Target(what, measured, Bound.AT_LEAST, value);
  }

  boolean isMet() {
    return switch (bound) {
      case AT_MOST -> measured <= value;
      case LESS_THAN -> measured < value;
      case AT_LEAST -> measured >= value;
    };
  }

  void tell(Shell shell) {
    shell.say(
        String.format(
            Locale.ROOT,
            "  %s: %,.3f, target %s %,.3f: %s",
            what,
            measured,
            bound.sign,
            value,
            isMet() ? "met" : "missed"));
  }
}
