/**
 * What a test of a durable run needs: clocks, crashes, models that play a script, contract suites.
 */
@NullMarked
package dev.holdfast.testing;

import org.jspecify.annotations.NullMarked;
