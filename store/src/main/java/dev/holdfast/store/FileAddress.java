package dev.holdfast.store;

import dev.holdfast.journal.spi.JournalReader;
import dev.holdfast.kernel.Client;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A store in a file.
 *
 * @param path the file, which may not exist
 * @param keys of its data, if it is encrypted
 */
record FileAddress(Path path, Optional<Encryption> keys) implements StoreAddress {
  @Override
  public Holdfast open(Options options) {
    return Holdfast.open(path, keys.map(options::encryption).orElse(options));
  }

  @Override
  public Client client() {
    return Holdfast.client(path, keys);
  }

  @Override
  public JournalReader reader() {
    return Holdfast.reader(path, keys);
  }

  @Override
  public Retention retention() {
    return Retention.of(path, keys);
  }

  @Override
  public boolean isExecuted() {
    return facts().isExecuted();
  }

  @Override
  public StoreFacts facts() {
    return StoreFacts.of(path);
  }

  @Override
  public StoreFacts.Check check() {
    return StoreCheck.of(StoreFile.existing(path), keys);
  }

  @Override
  public Optional<Path> file() {
    return Optional.of(path);
  }

  @Override
  public void close() {
    // A file is opened by each that uses it.
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
