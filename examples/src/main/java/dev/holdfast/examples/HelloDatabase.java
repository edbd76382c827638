package dev.holdfast.examples;

import dev.holdfast.store.Holdfast;
import javax.sql.DataSource;

/** The same code on a database. */
final class HelloDatabase {
  private HelloDatabase() {}

  // snippet: hello-database
  static String greet(DataSource pool, String who) {
    try (var holdfast = Holdfast.connect(pool)) { // was: Holdfast.open(file)
      holdfast.register(HelloWorker.GREETING);
      return holdfast.start(HelloWorker.GREETING, "greeting-" + who, who).run();
    }
  }
  // end: hello-database
}
