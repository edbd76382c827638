/**
 * The gauntlet: puts what a program does under every fault at every point, and shrinks what fails
 * to the shortest schedule of faults.
 */
@NullMarked
package dev.holdfast.gauntlet;

import org.jspecify.annotations.NullMarked;
