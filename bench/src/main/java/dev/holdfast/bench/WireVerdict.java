package dev.holdfast.bench;

/** What became of one exchange. */
sealed interface WireVerdict {
  /** LangChain4j has no client for its endpoint here. */
  record Skipped() implements WireVerdict {}

  /** The reply came out as the raw form says, or the refusal was understood. */
  record Equal() implements WireVerdict {}

  /** LangChain4j's bare client fails in the same way. */
  record LibraryError(String what) implements WireVerdict {}

  /** The reply came out otherwise, and with the bare client it would not have. */
  record ParseError(String what) implements WireVerdict {}

  /** A refusal was taken for something else. */
  record Misclassified(String what) implements WireVerdict {}
}
