package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.Encryption;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new key takes the place of an old one, from the command line. */
class KeysCommandTest {
  private static final String OLD = line("2026", 1);
  private static final String NEW = line("2027", 2);

  @TempDir private Path directory;

  private static String line(String name, int value) {
    byte[] key = new byte[32];
    key[0] = (byte) value;
    return name + " " + Base64.getEncoder().encodeToString(key) + "\n";
  }

  private Path keys(String lines) throws IOException {
    return Files.writeString(directory.resolve("keys"), lines);
  }

  private Invocation run(String... arguments) {
    return Invocation.of(directory, Map.of("HOLDFAST_KEYS", "keys"), arguments);
  }

  private void makeAStore() throws IOException {
    Options options = Options.standard().encryption(Encryption.ofFile(keys(OLD)));
    try (var holdfast = Holdfast.open(directory.resolve("holdfast.db"), options)) {
      Pickups.start(holdfast);
    }
  }

  @Test
  void theOldKeyCanGoOnceEverythingIsWrappedByTheNewOne() throws IOException {
    makeAStore();
    keys(NEW + OLD);
    assertThat(run("keys").out()).contains("Needed to read the store: '2026' (wraps 4 keys).");

    assertThat(run("keys", "rotate").out())
        .contains("Wrapped 4 keys anew. Needed to read the store: '2027' (wraps 4 keys).");
    assertThat(run("keys", "rotate", "--json").out())
        .contains("{\"wrapped\":0,\"keys\":{\"2027\":4}}");

    keys(NEW);
    assertThat(run("show", "pickup-good").out()).contains("P-1");
    assertThat(run("doctor").out()).contains("under the key '2027'");
    keys(OLD);
    assertThat(run("show", "pickup-good").err())
        .contains("wrapped by the key '2027', which was not given");
  }

  @Test
  void whatCannotBeRotatedIsSaid() throws IOException {
    Pickups.store(directory);
    assertThat(Invocation.of(directory, "keys").out()).contains("The store is not encrypted.");
    Invocation refused = Invocation.of(directory, "keys", "rotate");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("has no keys to wrap");
    Invocation unknown = Invocation.of(directory, "keys", "turn");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("list", "rotate", "turn");
  }
}
