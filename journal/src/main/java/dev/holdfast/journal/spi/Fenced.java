package dev.holdfast.journal.spi;

/** This process no longer owns the run: another claimed it. */
public final class Fenced extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says which run and which claims. */
  public Fenced(String message) {
    super(message);
  }
}
