/** Workloads and microbenchmarks that end with one line of figures. */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
