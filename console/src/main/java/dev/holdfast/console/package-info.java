/** The command line of Holdfast. */
@NullMarked
package dev.holdfast.console;

import org.jspecify.annotations.NullMarked;
