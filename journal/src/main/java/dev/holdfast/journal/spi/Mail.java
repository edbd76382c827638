package dev.holdfast.journal.spi;

import java.time.Instant;

/** A message in a mailbox, with the number that consuming it names. */
public record Mail(long number, Instant at, Message message) {}
