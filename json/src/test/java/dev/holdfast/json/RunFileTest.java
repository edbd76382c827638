package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An exported run is read back as it was, or not at all. */
class RunFileTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.000001Z");
  private static final RunState RUN =
      new RunState(
          new RunId("order \"17\""),
          "order",
          "2",
          Status.WAITING,
          3,
          Optional.of(AT),
          AT,
          AT.plusSeconds(1),
          "d1g",
          Optional.of("mails"),
          Optional.of("anna"));
  private static final RunFile FILE =
      new RunFile(
          RUN,
          List.of(
              new Recorded(0, 0, AT, new Entry.RunStarted("order", "2", new Payload("[1]"), "d")),
              new Recorded(1, 3, AT, new Entry.SeedDrawn(StepPath.ROOT.child("random", "s", 0), 7)),
              new Recorded(2, 3, AT, new Entry.RunParked(List.of()))),
          Optional.of(
              new RunFile.Beside(
                  Optional.of("customer \"17\""),
                  Optional.of("once"),
                  Optional.of(new Payload("{\"a\":1}")),
                  List.of(
                      new Message.Mail(1, AT, new Message.Resume("anna", "on")),
                      new Message.Mail(2, AT, new Message.Cancel("anna", "off"))),
                  List.of(
                      new Fact(
                          "paid",
                          2,
                          Fact.State.FREE,
                          new RunId("order \"17\""),
                          StepPath.ROOT.child("effect", "pay", 0),
                          "d",
                          Payload.NULL,
                          Payload.NULL)),
                  List.of(new Claim.Gap(1, 2)))));

  private static String text(RunFile file) throws IOException {
    var text = new StringBuilder();
    file.write(text);
    return text.toString();
  }

  private static RunFile read(String text) throws IOException {
    return RunFile.read(new BufferedReader(new StringReader(text)));
  }

  @Test
  void aRunSurvivesTheRoundTrip() throws IOException {
    assertThat(read(text(FILE))).isEqualTo(FILE);
  }

  @Test
  void filesMayFollowEachOther() throws IOException {
    var in = new BufferedReader(new StringReader(text(FILE) + text(FILE)));

    assertThat(RunFile.read(in)).isEqualTo(FILE);
    assertThat(RunFile.read(in)).isEqualTo(FILE);
  }

  @Test
  void noPartOfAFileIsTakenForTheWhole() throws IOException {
    String whole = text(FILE);
    for (int length = 0; length < whole.length() - 1; length++) {
      String part = whole.substring(0, length);
      assertThatIllegalArgumentException()
          .as("the first %d characters", length)
          .isThrownBy(() -> read(part))
          .withMessageContaining("Line ");
    }
  }

  @ParameterizedTest
  @CsvSource({"format, 2, it is of format 3", "entryFormat, 1, what follows is of format 2"})
  void aNewerFormatIsRefusedByItsNumber(String field, int known, String why) throws IOException {
    String newer = text(FILE).replace("\"%s\":%d".formatted(field, known), field(field, known + 1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(newer))
        .withMessageContaining(why + ", and this version reads 1 to " + known)
        .withMessageContaining("newer version")
        .withMessageNotContaining("again");
  }

  private static String field(String name, int value) {
    return "\"%s\":%d".formatted(name, value);
  }

  @Test
  void theFirstFormatIsStillRead() throws IOException {
    String first =
        text(new RunFile(RUN, FILE.entries())).replace(field("format", 2), "\"format\":1");

    assertThat(read(first.replace(",\"entryFormat\":1", "")))
        .isEqualTo(new RunFile(RUN, FILE.entries(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "hello", "{\"holdfast\":\"store\",\"format\":1}", "[1]"})
  void whatIsNoExportedRunIsRefused(String other) {
    assertThatIllegalArgumentException().isThrownBy(() -> read(other + "\n{\"end\":0}\n"));
  }

  @Test
  void aMissingEntryIsNamed() throws IOException {
    String text = text(FILE);
    String gap = text.replaceFirst("(?m)^\\{\"sequence\":1.*\\n", "").replace(":3}", ":2}");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(gap))
        .withMessageContaining("entry 2 where entry 1 belongs");
  }
}
