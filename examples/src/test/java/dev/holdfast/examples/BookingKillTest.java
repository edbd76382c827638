package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.testing.ChildJvm;
import dev.holdfast.testing.KillPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The booking assistant as a program, with real kills and a person in another process. */
class BookingKillTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String[] TO_ROME = {
    "chat", "trip-1", "ada", "Book me a flight from Berlin to Rome.", "script"
  };

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"AFTER_CALL, payByCard", "BEFORE_INTENT, sendConfirmation"})
  void booksOnceThoughItIsKilled(Boundary boundary, String step) throws Exception {
    try (var first = start(Optional.of(KillPoint.at(boundary, step)), TO_ROME)) {
      assertThat(first.awaitLine(BookingApplication.QUESTION, PATIENCE))
          .contains("payByCard", "42000");
      answer("yes");
      assertThat(first.awaitArrival(PATIENCE)).isPresent();
      first.kill();
    }
    checkBooked();
  }

  @Test
  void keepsTheQuestionAndItsAnswerWhileNobodyRuns() throws Exception {
    try (var first = start(Optional.empty(), TO_ROME)) {
      first.awaitLine(BookingApplication.QUESTION, PATIENCE);
      first.kill();
    }
    answer("yes");
    checkBooked();
  }

  /** What the assistant was before, killed at the same place: the reason for all this. */
  @Test
  void withoutARunTheSameKillPaysTwice() {
    var beforeTheFourthReply = new KillPoint(Boundary.BEFORE_CALL, "chat", 4);
    var arguments = List.of(folder.toString(), "ada", TO_ROME[3]);
    try (var first =
        ChildJvm.start(PlainBooking.class, arguments, Optional.of(beforeTheFourthReply))) {
      assertThat(first.awaitArrival(PATIENCE)).isPresent();
      first.kill();
    }
    try (var second = ChildJvm.start(PlainBooking.class, arguments)) {
      assertThat(second.awaitLine(BookingApplication.OUTSIDE, PATIENCE))
          .isEqualTo("2 seat(s) held, 2 payment(s), 1 confirmation(s)");
    }
  }

  private void checkBooked() throws Exception {
    assertThat(say(TO_ROME)).isEqualTo("You fly at 08:00, booking B-1; it is paid and confirmed.");
    assertThat(say("chat", "trip-2", "ada", "When do I fly?", "script"))
        .isEqualTo("As I said: You fly at 08:00, booking B-1; it is paid and confirmed.");
    BookingMemory.of(folder, "ada").checkWhole(2);
  }

  /** Lets a process of its own answer the customer, and returns what it said. */
  private String say(String... words) {
    try (var process = start(Optional.empty(), words)) {
      String answer = process.awaitLine(BookingApplication.ANSWER, PATIENCE);
      assertThat(process.awaitLine(BookingApplication.OUTSIDE, PATIENCE))
          .isEqualTo("1 seat(s) held, 1 payment(s), 1 confirmation(s)");
      assertThat(process.awaitEnd(PATIENCE)).isZero();
      return answer;
    }
  }

  private void answer(String word) {
    try (var person = start(Optional.empty(), "answer", "trip-1", word, "boss")) {
      assertThat(person.awaitEnd(PATIENCE)).as("%s", person.lines()).isZero();
    }
  }

  private ChildJvm start(Optional<KillPoint> point, String... words) {
    var arguments = new ArrayList<>(List.of(folder.toString()));
    arguments.addAll(List.of(words));
    return ChildJvm.start(BookingApplication.class, arguments, point);
  }
}
