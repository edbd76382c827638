package dev.holdfast.journal.spi;

import dev.holdfast.journal.RunId;
import java.util.concurrent.CompletableFuture;

/** A store as a process uses it that starts runs and sends to them but executes none. */
public interface JournalClient extends JournalReader {
  /**
   * Accepts a run with its first entry in one transaction, or finds the one that has the id, or
   * else the one that has its queue and deduplication id.
   *
   * <p>A run of a session waits without a ready time while another of that session was accepted
   * before it and has not ended.
   *
   * <p>The future completes once the answer is durable; it fails with {@link
   * dev.holdfast.journal.StoreFailed} where it is not.
   */
  CompletableFuture<Start> start(NewRun run);

  /**
   * Puts a message into a run's mailbox and makes a parked run ready, in one transaction.
   *
   * <p>A run that is ready, delayed or waits for its turn in a session stays as it is, but {@link
   * Message.Cancel} ends a delay. A truncated run that is resumed while another has the turn of its
   * session waits for its own.
   *
   * <p>The future completes once it is durable, and fails with {@link IllegalStateException} for a
   * run that does not exist or has ended (a truncated run accepts {@link Message.Resume}).
   */
  CompletableFuture<Void> send(RunId run, Message message);

  /**
   * Settles a fact in doubt whose run has ended, so that no run can; runs that wait for it become
   * ready. {@code settled} is its row from now on.
   *
   * <p>The future completes once it is durable, and fails with {@link IllegalStateException} where
   * the fact is not in doubt or its run has not ended.
   */
  CompletableFuture<Void> settle(Fact settled);
}
