package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Codec;
import dev.holdfast.journal.spi.Fact;
import dev.holdfast.journal.spi.Message;
import dev.holdfast.json.JsonCodec;
import java.util.Optional;

/** How an open store keeps its data: as it is, or under keys. Safe for many threads. */
sealed interface Vault permits PlainVault, KeyVault {
  /** The digest of the row beside a run's payloads that holds its wrapped key. */
  String KEY_ROW = "key";

  /** What encodes values for the kernel; its digests are of this store. */
  Codec codec();

  /** The seal of a run that is to be accepted. */
  Seal fresh(RunId run);

  /** The seal of a run that was used lately, or needs none. */
  Optional<Seal> known(RunId run);

  /** The seal of a run by its row {@link #KEY_ROW}. */
  Seal of(RunId run, String keyRow);

  /** A text that belongs to the store at that place. */
  String close(String place, String text);

  /** The text again. */
  String open(String place, String kept);

  /** What stands for a fact's name where the database looks for it. */
  String name(String name);

  /** What is kept of a subject; always the same, so that the database finds it. */
  String closeSubject(String subject);

  /** The subject again. */
  String openSubject(String kept);

  /** A message as it is kept in that run's mailbox. */
  default String write(RunId run, Message message) {
    return close("mail of " + run, JsonCodec.standard().write(message));
  }

  /** The message again. */
  default Message readMessage(RunId run, String kept) {
    return JsonCodec.standard().readMessage(open("mail of " + run, kept));
  }

  /** A fact as it is kept in the ledger. */
  default String write(Fact fact) {
    return close("ledger", JsonCodec.standard().write(fact));
  }

  /** The fact again. */
  default Fact readFact(String kept) {
    return JsonCodec.standard().readFact(open("ledger", kept));
  }
}
