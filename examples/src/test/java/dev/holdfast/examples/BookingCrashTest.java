package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException.MessageNotAccepted;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.spi.FaultPoints;
import dev.holdfast.store.Durability;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.store.Service;
import dev.holdfast.testing.CrashHarness;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The booking assistant, crashed at every boundary of a trip that somebody must approve. */
class BookingCrashTest {
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  @TempDir private Path directory;

  @Test
  void booksOnceWhereverItCrashes() {
    List<CrashHarness.Crash> crashes =
        CrashHarness.within(Duration.ofSeconds(60)).crashEverywhere(Trip::new);
    assertThat(crashes).hasSizeGreaterThan(50);
    assertThat(crashes)
        .extracting(crash -> crash.path().name())
        .contains("chat", "searchFlights", "holdSeat", "payByCard", "sendConfirmation", "commit");
  }

  /** A fresh outside with its own store, memory and customer. */
  private final class Trip implements CrashHarness.Scenario {
    private final Path folder = Files.createTempDirectory(directory, "trip");
    private final TravelBook book =
        new TravelBook(
            folder.resolve("outside.txt"),
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    private Optional<Service<BookingAssistant>> assistants = Optional.empty();
    private Optional<Holdfast> opened = Optional.empty();

    Trip() throws IOException {}

    @Override
    public Engine open(FaultPoints faultPoints) throws IOException {
      var options =
          new Options(Durability.PROCESS_CRASH, Settings.standard().faultPoints(faultPoints));
      var holdfast = Holdfast.open(folder.resolve("booking.db"), options);
      var memories = new FileChatMemoryStore(folder.resolve("memory"));
      var assistant =
          BookingAssistants.durable(BookingScript.model(), new TravelWorld(book), memories);
      assistants = Optional.of(holdfast.register("booking", BookingAssistant.class, assistant));
      opened = Optional.of(holdfast);
      return holdfast.engine();
    }

    @Override
    public void drive(Engine engine) {
      Handle<String> handle =
          assistants
              .orElseThrow()
              .start("trip-1", a -> a.chat("ada", "Book a flight from Berlin to Rome."));
      while (handle.await(LOOK_EVERY) instanceof Outcome.Waiting<String>
          && !Thread.currentThread().isInterrupted()) {
        opened.orElseThrow().questions("trip-1").forEach(this::grant);
      }
      assertThat(handle.outcome())
          .isEqualTo(
              new Outcome.Completed<>("You fly at 08:00, booking B-1; it is paid and confirmed."));
    }

    private void grant(Entry.ApprovalAsked question) {
      try {
        opened.orElseThrow().approve("trip-1", question, true, "boss", "fine");
      } catch (MessageNotAccepted answeredBefore) {
        assertThat(answeredBefore).hasMessageContaining("trip-1");
      }
    }

    @Override
    public void check() throws IOException {
      assertThat(book.count()).isEqualTo("1 seat(s) held, 1 payment(s), 1 confirmation(s)");
      BookingMemory.of(folder, "ada").checkWhole(1);
    }
  }
}
