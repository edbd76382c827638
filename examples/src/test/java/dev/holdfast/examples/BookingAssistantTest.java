package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BookingAssistantTest {
  private static final String TO_HAMBURG = "Book me a flight from Berlin to Hamburg.";

  @TempDir private Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
  private BookingApplication application;

  @BeforeEach
  void openTheApplication() throws IOException {
    application = new BookingApplication(folder, out);
  }

  private Outcome<String> chat(String run, String message) {
    return application.chat(BookingScript.model(), run, "ada", message);
  }

  @Test
  void booksPlainlyAsItAlwaysDid() throws Exception {
    assertThat(application.chatPlainly(BookingScript.model(), "ada", TO_HAMBURG))
        .isEqualTo("You fly at 09:15, booking B-1; it is paid and confirmed.");
    assertThat(application.outside()).isEqualTo("1 seat(s) held, 1 payment(s), 1 confirmation(s)");
    BookingMemory.of(folder, "ada").checkWhole(1);
  }

  @Test
  void theSameRunIsBookedOnce() throws Exception {
    var answer =
        new Outcome.Completed<>("You fly at 09:15, booking B-1; it is paid and confirmed.");
    assertThat(chat("trip-1", TO_HAMBURG)).isEqualTo(answer);
    assertThat(chat("trip-1", TO_HAMBURG)).isEqualTo(answer);
    assertThat(application.outside()).isEqualTo("1 seat(s) held, 1 payment(s), 1 confirmation(s)");
    BookingMemory.of(folder, "ada").checkWhole(1);
  }

  @Test
  void anotherRunGetsTheFirstReceiptOfABookingThatIsPaid() throws Exception {
    chat("trip-1", TO_HAMBURG);
    assertThat(chat("trip-2", "Please pay B-1, 8900 cents."))
        .isEqualTo(new Outcome.Completed<>("For B-1: paid, receipt P-1"));
    assertThat(application.outside()).contains("1 payment(s)");
    BookingMemory.of(folder, "ada").checkWhole(2);
  }

  @Test
  void aNoLeavesTheSeatAndPaysNothing() throws Exception {
    var chatting =
        CompletableFuture.supplyAsync(
            () -> chat("trip-1", "Book me a flight from Berlin to Rome."));
    awaitPrinted("boss or deputy");
    assertThat(command("answer", "trip-1", "yes", "eve")).isEqualTo(2);
    awaitPrinted("was not accepted");
    assertThat(application.answer("trip-1", false, "boss")).isEqualTo(1);

    assertThat(chatting.get(30, TimeUnit.SECONDS))
        .isEqualTo(new Outcome.Completed<>("I held a seat for you, but the payment was refused."));
    assertThat(application.outside()).isEqualTo("1 seat(s) held, 0 payment(s), 0 confirmation(s)");
  }

  private int command(String... words) throws Exception {
    var arguments = Stream.concat(Stream.of(folder.toString()), Stream.of(words));
    return BookingCommand.of(arguments.toArray(String[]::new)).perform(out);
  }

  private void awaitPrinted(String text) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> printed.toString(StandardCharsets.UTF_8).contains(text));
  }

  @Test
  void aCommandThatIsUnknownIsExplained() throws Exception {
    assertThat(command("sing")).isEqualTo(2);
    awaitPrinted("booking answer RUN yes|no WHO");
  }

  @Test
  void theModelIsThatOfTheKeyWhichIsThere() {
    assertThat(BookingModels.suggested(Map.of())).isEqualTo(BookingModels.SCRIPT);
    assertThat(BookingModels.suggested(Map.of("OPENAI_API_KEY", "k"))).startsWith("gpt-");
    assertThat(BookingModels.suggested(Map.of("ANTHROPIC_API_KEY", "k"))).startsWith("claude-");
  }
}
