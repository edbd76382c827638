/** Runnable examples, one file per idea. */
@NullMarked
package dev.holdfast.examples;

import org.jspecify.annotations.NullMarked;
