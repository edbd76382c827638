package dev.holdfast.examples;

import java.io.Serial;

/** The world's database could not do its work. */
final class RetailDatabaseFailed extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  RetailDatabaseFailed(String message) {
    super(message);
  }

  RetailDatabaseFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
