/** Journals kept in a database file, and the way to open one. */
@NullMarked
package dev.holdfast.store;

import org.jspecify.annotations.NullMarked;
