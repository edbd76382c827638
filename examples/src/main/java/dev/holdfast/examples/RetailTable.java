package dev.holdfast.examples;

import java.util.Locale;

/** A table of the shop whose records tools may change. */
enum RetailTable {
  ORDERS,
  USERS;

  /** The name in the files of the base, in hashes and in the database. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The word for one record in an answer: {@code order}. */
  String singular() {
    return key().substring(0, key().length() - 1);
  }
}
