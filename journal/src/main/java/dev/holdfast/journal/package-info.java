/**
 * What happened in a run: the closed set of journal entries, effect contracts, failures and ids.
 */
@NullMarked
package dev.holdfast.journal;

import org.jspecify.annotations.NullMarked;
