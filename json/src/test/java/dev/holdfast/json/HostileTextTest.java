package dev.holdfast.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that people and other systems chose survive, whatever is in them; each seed is a case. */
class HostileTextTest {
  private static final int CASES = 300;
  private static final List<String> PIECES =
      List.of(
          "\"",
          "\\",
          "/",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\n",
          "\r",
          "\t",
          "\0",
          "\u001f",
          "\u007f",
          "\u2028",
          "€",
          "😀",
          "\uD83D",
          "\uDE00",
          "\\u0041",
          "null",
          "{\"$ref\":\"",
          "'; --",
          " ",
          "word");

  private final JsonCodec codec = JsonCodec.standard();

  static LongStream seeds() {
    return LongStream.range(0, CASES);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void entriesComeBackEqual(long seed) {
    for (Entry entry : entries(seed, new Random(seed))) {
      String written = codec.write(entry);

      assertThat(codec.read(kept(written))).as("seed %d", seed).isEqualTo(entry);
      assertThat(written).doesNotContain("\n");
    }
  }

  private List<Entry> entries(long seed, Random random) {
    var path = new StepPath(text(random));
    Instant at = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    return List.of(
        new Entry.WaitStarted(path, at),
        new Entry.WaitEnded(path),
        new Entry.SignalTaken(path, text(random), payload(random)),
        new Entry.ApprovalAsked(
            path, payload(random), text(random), texts(random), at, random.nextBoolean()),
        new Entry.ApprovalAnswered(path, random.nextBoolean(), text(random), text(random)),
        new Entry.SignalReceived(text(random), text(random), payload(random), "who", at),
        new Entry.CancelRequested(text(random), text(random)),
        new Entry.RunCancelled(
            text(random), text(random), texts(random).stream().map(StepPath::new).toList()),
        new Entry.RunParked(
            List.of(
                new Wait.HeldFact(path, text(random), new RunId("r" + seed), at),
                new Wait.Signal(path, text(random), at),
                new Wait.Approval(path, texts(random), at))));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void messagesComeBackEqual(long seed) {
    for (Message message : messages(new Random(seed))) {
      assertThat(codec.readMessage(kept(codec.write(message))))
          .as("seed %d", seed)
          .isEqualTo(message);
    }
  }

  private List<Message> messages(Random random) {
    return List.of(
        new Message.Signal(text(random), text(random), payload(random), text(random), text(random)),
        new Message.Approve(
            new StepPath(text(random)),
            text(random),
            random.nextBoolean(),
            text(random),
            text(random)),
        new Message.Cancel(text(random), text(random)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void factsComeBackEqual(long seed) {
    Fact fact = fact(seed, new Random(seed));

    assertThat(codec.readFact(kept(codec.write(fact)))).as("seed %d", seed).isEqualTo(fact);
  }

  private Fact fact(long seed, Random random) {
    var states = Fact.State.values();
    return new Fact(
        text(random),
        random.nextInt(),
        states[random.nextInt(states.length)],
        new RunId("r" + seed),
        new StepPath(text(random)),
        text(random),
        payload(random),
        payload(random));
  }

  @Test
  void whatIsNoFactIsRefused() {
    for (String text : List.of("", "[]", "{}", "{\"name\":\"a\"}")) {
      assertThatThrownBy(() -> codec.readFact(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Cannot read a fact of " + text.length() + " characters");
    }
  }

  /** As a file keeps it, which holds no half of a surrogate pair. */
  private static String kept(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private Payload payload(Random random) {
    return codec.encode(text(random));
  }

  private static List<String> texts(Random random) {
    return IntStream.range(0, random.nextInt(4)).mapToObj(i -> text(random)).toList();
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
