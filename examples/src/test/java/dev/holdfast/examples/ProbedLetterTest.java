package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.Holdfast;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbedLetterTest {
  /** A mailbox whose first answer gets lost after the letter was put down. */
  private static final class ForgetfulMailbox implements ProbedLetter.Mailbox {
    private final List<String> references = new ArrayList<>();

    @Override
    public String send(String reference, String text) throws IOException {
      references.add(reference);
      throw new IOException("the connection broke");
    }

    @Override
    public Optional<String> find(String reference) {
      return references.contains(reference) ? Optional.of("M-1") : Optional.empty();
    }
  }

  @Test
  void asksTheMailboxInsteadOfWritingTwice(@TempDir Path directory) {
    var mailbox = new ForgetfulMailbox();
    var workflow = ProbedLetter.workflow(mailbox);
    try (var holdfast = Holdfast.open(directory.resolve("letters.db"))) {
      holdfast.register(workflow);
      String number = holdfast.start(workflow, "letter-1", "Dear Ada").run(Duration.ofSeconds(20));
      assertThat(number).isEqualTo("M-1");
    }
    assertThat(mailbox.references).hasSize(1);
  }
}
