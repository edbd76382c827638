package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import dev.holdfast.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** A process that opens a store and holds it until it is killed. */
final class StoreOpener {
  private static final Duration LIFE_MAX = Duration.ofMinutes(2);

  private StoreOpener() {}

  public static void main(String[] arguments) throws InterruptedException {
    ChildJvm.endWithParent();
    try (var journal =
        SqliteJournal.open(
            Path.of(arguments[0]),
            Durability.EPHEMERAL,
            InstantSource.system(),
            Optional.empty())) {
      System.out.println("open " + journal.location());
      Thread.sleep(LIFE_MAX);
    } catch (StoreFailed e) {
      System.out.println("refused: " + e.getMessage());
    }
  }
}
