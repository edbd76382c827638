package dev.holdfast.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Payload;
import dev.holdfast.journal.Recorded;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Wait;
import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.kernel.Client;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a signal to a run. */
@Command(
    name = "signal",
    mixinStandardHelpOptions = true,
    description = {
      "Send a signal to a run that waits for it, or will.",
      "The same name and id are the same signal, which counts once. Without --id, the id follows"
          + " from the value: the same command typed twice is one signal."
    })
final class SignalCommand extends StoreCommand {
  private static final String ID_PREFIX = "by-hand-";
  private static final int ID_LENGTH = 12;

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
  private String run = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "What the run waits for.")
  private String name = "";

  @Option(
      names = "--value",
      defaultValue = "true",
      paramLabel = "JSON",
      description = "What it brings (default ${DEFAULT-VALUE}).")
  private String value = "";

  @Option(
      names = "--id",
      defaultValue = "",
      paramLabel = "MESSAGE-ID",
      description = "Your own name for this message; a new one makes it a new signal.")
  private String given = "";

  @Mixin private Author author = new Author();

  SignalCommand(Shell shell) {
    super(shell);
  }

  @Override
  Integer perform() {
    var id = new RunId(run);
    JsonNode parsed = parsedValue();
    String messageId = given.isEmpty() ? derived(parsed) : given;
    try (JournalReader reader = reader()) {
      refuseEnded(state(reader, id));
      Optional<Message.Signal> first = first(reader, id, messageId);
      if (first.isPresent()) {
        refuseOther(first.get(), parsed);
        printRepeat(id, first.get());
      } else {
        send(reader, id, messageId, parsed);
      }
      return 0;
    }
  }

  private void send(JournalReader reader, RunId id, String messageId, JsonNode parsed) {
    var sending = Sending.to(id, reader, existingStore());
    Optional<String> note = note(reader, id);
    try (Client client = client()) {
      client.signal(id.text(), name, messageId, parsed, author.name());
    }
    var message =
        new Message.Signal(name, messageId, new Payload(parsed.toString()), author.name(), "");
    print(id, messageId, sending.follow(message).orComplain(id), note);
  }

  private JsonNode parsedValue() {
    try {
      JsonNode parsed = Json.parsed(value);
      if (parsed.isMissingNode() || parsed.isNull()) {
        throw new Complaint(
            "--value is '%s', and no step can read nothing. Say what the signal brings, such as"
                    .formatted(value)
                + " --value true.");
      }
      return parsed;
    } catch (JsonProcessingException broken) {
      throw new Complaint(
          "--value needs JSON and '%s' is none: %s. Put a text in"
                  .formatted(value, broken.getOriginalMessage())
              + " double quotes: --value '\"paid\"'.");
    }
  }

  private static String derived(JsonNode value) {
    UUID digest = UUID.nameUUIDFromBytes(value.toString().getBytes(StandardCharsets.UTF_8));
    return ID_PREFIX + digest.toString().replace("-", "").substring(0, ID_LENGTH);
  }

  private void print(RunId id, String messageId, Delivery delivery, Optional<String> note) {
    if (isJson()) {
      print(delivery.json(id).put("signal", name).put("id", messageId).put("repeat", false));
      return;
    }
    var lines = new ArrayList<String>();
    lines.add(
        "%s sent the signal '%s' (id %s) to run '%s'."
            .formatted(author.name(), name, messageId, id));
    lines.add(delivery.text());
    note.ifPresent(lines::add);
    print(lines);
  }

  private void printRepeat(RunId id, Message.Signal first) {
    if (isJson()) {
      print(
          Json.object()
              .put("run", id.text())
              .put("delivery", "repeat")
              .put("signal", name)
              .put("id", first.id())
              .put("repeat", true));
    } else {
      print(
          List.of(
              "The signal '%s' (id %s) was sent before, by %s: nothing more was recorded."
                  .formatted(name, first.id(), first.who()),
              "To send another one like it, name it yourself with --id MESSAGE-ID."));
    }
  }

  /** The signal that has the same name and id, applied or not. */
  private Optional<Message.Signal> first(JournalReader reader, RunId id, String messageId) {
    Stream<Message.Signal> applied =
        History.of(reader, id).stream()
            .map(Recorded::entry)
            .filter(Entry.SignalReceived.class::isInstance)
            .map(Entry.SignalReceived.class::cast)
            .map(each -> new Message.Signal(each.name(), each.id(), each.value(), each.who(), ""));
    Stream<Message.Signal> unread =
        reader.mail(id).stream()
            .map(Message.Mail::message)
            .filter(Message.Signal.class::isInstance)
            .map(Message.Signal.class::cast);
    return Stream.concat(applied, unread)
        .filter(each -> each.name().equals(name) && each.id().equals(messageId))
        .findFirst();
  }

  private void refuseOther(Message.Signal first, JsonNode parsed) {
    if (!Json.parsedOrText(first.value().text()).equals(parsed)) {
      throw new Complaint(
          ("The signal '%s' (id %s) was sent before with another value, %s, which counts; nothing"
                  + " was recorded. Name this one with another --id.")
              .formatted(name, first.id(), Phrases.payload(first.value())));
    }
  }

  /** A word for those who mistyped the name. */
  private Optional<String> note(JournalReader reader, RunId id) {
    List<String> awaited =
        reader.last(id).map(Recorded::entry).stream()
            .filter(Entry.RunParked.class::isInstance)
            .flatMap(parked -> ((Entry.RunParked) parked).waits().stream())
            .filter(Wait.Signal.class::isInstance)
            .map(wait -> ((Wait.Signal) wait).name())
            .distinct()
            .toList();
    return awaited.contains(name)
        ? Optional.empty()
        : Optional.of(
            "No step waits for '%s' now%s; it is kept until one does."
                .formatted(
                    name, awaited.isEmpty() ? "" : ", only for " + String.join(", ", awaited)));
  }

  private static void refuseEnded(RunState state) {
    if (state.status().isEnded()) {
      throw new Complaint(
          "Run '%s' has ended (%s) and takes no signal. %s"
              .formatted(state.id(), state.status(), "`holdfast runs` lists those that have not."));
    }
  }
}
