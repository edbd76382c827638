package dev.holdfast.examples;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Arithmetic of the retail shop, whose amounts are doubles in dollars. */
final class Money {
  private Money() {}

  /** The exact value of the double, rounded to whole cents, ties to even. */
  static double cents(double amount) {
    return new BigDecimal(amount).setScale(2, RoundingMode.HALF_EVEN).doubleValue();
  }
}
