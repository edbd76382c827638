/** What a store and a codec implement so that runs can be recorded on them. */
@NullMarked
package dev.holdfast.journal.spi;

import org.jspecify.annotations.NullMarked;
