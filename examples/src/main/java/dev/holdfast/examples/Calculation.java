package dev.holdfast.examples;

/** The value of one arithmetic expression: digits, {@code + - * / ( ) .} and blanks. */
final class Calculation {
  private static final int NESTING_MAX = 100;

  private final String text;
  private int position;
  private int nesting;

  private Calculation(String text) {
    this.text = text;
  }

  /** The value rounded to cents, or a refusal that names what is wrong with the expression. */
  static double of(String expression) throws Refusal {
    if (!expression.matches("[-+*/(). 0-9]*")) {
      throw new Refusal("invalid characters in expression");
    }
    Calculation calculation = new Calculation(expression);
    double value = calculation.sum();
    if (calculation.peek() != '\0') {
      throw calculation.invalid();
    }
    if (!Double.isFinite(value)) {
      throw new Refusal("result too large");
    }
    return Money.cents(value);
  }

  private double sum() throws Refusal {
    double value = product();
    while (true) {
      if (take('+')) {
        value += product();
      } else if (take('-')) {
        value -= product();
      } else {
        return value;
      }
    }
  }

  private double product() throws Refusal {
    double value = signed();
    while (true) {
      if (take('*')) {
        value *= signed();
      } else if (take('/')) {
        value = quotient(value, signed());
      } else {
        return value;
      }
    }
  }

  private static double quotient(double dividend, double divisor) throws Refusal {
    if (divisor == 0) {
      throw new Refusal("division by zero");
    }
    return dividend / divisor;
  }

  private double signed() throws Refusal {
    boolean negative = false;
    while (peek() == '-' || peek() == '+') {
      negative ^= take('-') || !take('+');
    }
    double value = take('(') ? nested() : number();
    return negative ? -value : value;
  }

  private double nested() throws Refusal {
    if (++nesting > NESTING_MAX) {
      throw new Refusal("too many nested parentheses, the limit is " + NESTING_MAX);
    }
    double value = sum();
    if (!take(')')) {
      throw invalid();
    }
    nesting--;
    return value;
  }

  private double number() throws Refusal {
    peek();
    int start = position;
    while (position < text.length() && "0123456789.".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    String digits = text.substring(start, position);
    if (!digits.matches("0+|[1-9][0-9]*|[0-9]+\\.[0-9]*|\\.[0-9]+")) {
      throw invalid();
    }
    return Double.parseDouble(digits);
  }

  private char peek() {
    while (position < text.length() && text.charAt(position) == ' ') {
      position++;
    }
    return position < text.length() ? text.charAt(position) : '\0';
  }

  private boolean take(char expected) {
    boolean found = peek() == expected;
    if (found) {
      position++;
    }
    return found;
  }

  private Refusal invalid() {
    return new Refusal("invalid syntax at character " + (position + 1));
  }
}
