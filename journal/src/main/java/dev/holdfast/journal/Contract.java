package dev.holdfast.journal;

/** What a repeat of an effect would do to the outside world; recovery follows from it. */
public enum Contract {
  /** A repeat changes nothing: run again at any time, no intent needed. */
  READ,
  /** A repeat changes nothing more than the first did: run again. */
  IDEMPOTENT,
  /** A repeat is answered by the target, which remembers the idempotency key: run again. */
  KEYED,
  /** A repeat meets the dedupe row in the same database transaction: exactly once. */
  TRANSACTIONAL,
  /** A repeat can be avoided by asking a probe first. */
  VERIFIED,
  /** A repeat does harm: what is unknown after a crash is in doubt and never repeated. */
  ONCE
}
