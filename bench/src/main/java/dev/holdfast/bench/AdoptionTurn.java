package dev.holdfast.bench;

import java.util.List;

/**
 * How the agent got through one question.
 *
 * @param isAnswered whether the customer got the right answer in the end
 * @param isCrashed whether the process died on the way
 * @param refusals how often the memory had to be cleared, since the provider refused it
 * @param doubts effects that a person was asked about
 * @param doubtsExpected effects that nobody could know the outcome of
 * @param touches what the first process passed
 */
record AdoptionTurn(
    boolean isAnswered,
    boolean isCrashed,
    int refusals,
    int doubts,
    int doubtsExpected,
    List<String> touches) {}
