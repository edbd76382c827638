/** Durable runs: workflows, steps, effects, replay, retries and leases. */
@NullMarked
package dev.holdfast.kernel;

import org.jspecify.annotations.NullMarked;
