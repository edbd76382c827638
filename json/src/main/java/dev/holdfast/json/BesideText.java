package dev.holdfast.json;

import dev.holdfast.journal.Payload;
import dev.holdfast.journal.spi.Claim;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a store keeps of a run beside its history, as the text of one JSON object. */
final class BesideText {
  private BesideText() {}

  static String write(JsonCodec codec, RunFile.Beside beside) {
    var object = new ObjectText(256);
    beside.subject().ifPresent(subject -> object.field("subject", subject));
    beside.deduplication().ifPresent(same -> object.field("deduplication", same));
    beside.handedOn().ifPresent(state -> object.raw("handedOn", state.text()));
    return object
        .array("mail", beside.mail(), mail -> write(codec, mail))
        .array("facts", beside.facts(), codec::write)
        .field("gaps", Claim.Gap.text(beside.gaps()))
        .end();
  }

  private static String write(JsonCodec codec, Message.Mail mail) {
    return new ObjectText(128)
        .field("at", mail.at().toString())
        .raw("message", codec.write(mail.message()))
        .end();
  }

  static RunFile.Beside read(JsonCodec codec, Fields fields) throws IOException {
    Optional<String> subject = fields.optionalText("subject");
    Optional<String> deduplication = fields.optionalText("deduplication");
    Optional<Payload> handedOn = fields.optionalPayload("handedOn");
    List<Message.Mail> mail = mail(codec, fields.elements("mail"));
    List<Fact> facts = fields.elements("facts").stream().map(codec::readFact).toList();
    List<Claim.Gap> gaps = Claim.Gap.parse(fields.text("gaps"));
    fields.requireAllRead();
    return new RunFile.Beside(subject, deduplication, handedOn, mail, facts, gaps);
  }

  private static List<Message.Mail> mail(JsonCodec codec, List<String> elements)
      throws IOException {
    var mail = new ArrayList<Message.Mail>();
    for (String element : elements) {
      Fields fields = Fields.of(ValueMapper.factory(), element);
      Instant at = fields.instant("at");
      Message message = codec.readMessage(fields.payload("message").text());
      fields.requireAllRead();
      mail.add(new Message.Mail(mail.size() + 1, at, message));
    }
    return mail;
  }
}
