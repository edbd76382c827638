package dev.holdfast.store;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Codec;
import dev.holdfast.json.JsonCodec;
import java.util.Optional;

/** Keeps everything as it is. */
enum PlainVault implements Vault {
  /** The only one. */
  PLAIN;

  @Override
  public Codec codec() {
    return JsonCodec.standard();
  }

  @Override
  public Seal fresh(RunId run) {
    return Seal.NONE;
  }

  @Override
  public Optional<Seal> known(RunId run) {
    return Optional.of(Seal.NONE);
  }

  @Override
  public Seal of(RunId run, String keyRow) {
    return Seal.NONE;
  }

  @Override
  public String close(String place, String text) {
    return text;
  }

  @Override
  public String open(String place, String kept) {
    return kept;
  }

  @Override
  public String name(String name) {
    return name;
  }

  @Override
  public String closeSubject(String subject) {
    return subject;
  }

  @Override
  public String openSubject(String kept) {
    return kept;
  }
}
