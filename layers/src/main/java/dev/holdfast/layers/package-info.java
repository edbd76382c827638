/** Tests of the code base itself: architecture, purity, tidiness, public interface and docs. */
@NullMarked
package dev.holdfast.layers;

import org.jspecify.annotations.NullMarked;
