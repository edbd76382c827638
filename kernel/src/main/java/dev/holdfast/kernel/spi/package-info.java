/** The seams through which a runtime gets its time, its chance and its threads. */
@NullMarked
package dev.holdfast.kernel.spi;

import org.jspecify.annotations.NullMarked;
