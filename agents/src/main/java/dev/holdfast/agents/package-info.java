/** Agents whose model calls and tool calls are steps of a durable run. */
@NullMarked
package dev.holdfast.agents;

import org.jspecify.annotations.NullMarked;
