/** The codec that writes values as canonical JSON and reads them back. */
@NullMarked
package dev.holdfast.json;

import org.jspecify.annotations.NullMarked;
