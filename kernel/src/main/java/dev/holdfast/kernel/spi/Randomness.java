package dev.holdfast.kernel.spi;

/** Where the kernel's chance comes from; safe for many threads. */
public interface Randomness {
  /** A seed for one run's random numbers. */
  long seed();

  /** A number from 0 (inclusive) to 1 (exclusive). */
  double fraction();
}
