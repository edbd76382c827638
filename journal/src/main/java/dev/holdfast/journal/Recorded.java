package dev.holdfast.journal;

import java.time.Instant;

/**
 * One entry at its place in a run's history.
 *
 * @param sequence the place, counted from 0 in commit order
 * @param epoch the claim under which it was written
 * @param at when it was written, by the store's clock
 * @param entry what happened
 */
public record Recorded(long sequence, long epoch, Instant at, Entry entry) {}
