package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StoreFailed;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreAddressTest {
  private static final Path HERE = Path.of("here").toAbsolutePath();

  @ParameterizedTest
  @ValueSource(strings = {"holdfast.db", "postgresql", "a:b.db", "jdbc", "../x/y.db"})
  void takesAnythingElseForAFile(String text) {
    StoreAddress address = StoreAddress.parse(text, HERE, Map.of());
    assertThat(address.file()).contains(HERE.resolve(text));
    assertThat(address).hasToString(HERE.resolve(text).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://h:1/db, jdbc:postgresql://h:1/db",
    "jdbc:postgresql://h/db?password=s3cret, jdbc:postgresql://h/db",
    "jdbc:postgresql://h/db?user=x&password=s3cret&ssl=1, jdbc:postgresql://h/db?user=x&ssl=1",
    "jdbc:postgresql://h/db?sslpassword=s3cret&PassWord=s3cret, jdbc:postgresql://h/db",
    "jdbc:postgresql:db, jdbc:postgresql:db",
  })
  void showsAUrlWithoutItsPasswords(String url, String shown) {
    StoreAddress address = StoreAddress.parse(url, HERE, Map.of("PGPASSWORD", "s3cret"));
    assertThat(address.file()).isEmpty();
    assertThat(address).hasToString(shown);
    assertThat(ServerUrl.parse(url, Map.of())).hasToString(shown);
  }

  @Test
  void theUrlCountsBeforeTheEnvironment() {
    Map<String, String> environment = Map.of("PGUSER", "env", "PGPASSWORD", "env-secret");
    ServerUrl bare = ServerUrl.parse("jdbc:postgresql://h/db", environment);
    assertThat(bare.user()).contains("env");
    assertThat(bare.properties()).containsEntry("password", "env-secret");
    ServerUrl full =
        ServerUrl.parse("jdbc:postgresql://h/db?user=u&password=a%26b%20c", environment);
    assertThat(full.user()).contains("u");
    assertThat(full.properties()).containsEntry("password", "a&b c");
    assertThat(ServerUrl.parse("jdbc:postgresql://h/db", Map.of("PGUSER", "")).user()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://h/db?password=s3cret",
        "postgresql://u:s3cret@h/db",
        "jdbc:postgresql://u:s3cret@h/db",
        "jdbc:postgresql://h:port/db?password=s3cret",
        "jdbc:",
      })
  void refusesUrlsThatCannotBeUsedWithoutTheirPasswords(String url) {
    assertThatThrownBy(() -> StoreAddress.parse(url, HERE, Map.of()))
        .isInstanceOf(StoreFailed.class)
        .hasMessageContainingAll("cannot be used", "jdbc:postgresql://host:5432/database")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void opensWritesAndReadsAFile(@TempDir Path folder) {
    StoreAddress address = StoreAddress.parse("runs.db", folder, Map.of());
    try (Holdfast holdfast = address.open(Options.standard())) {
      assertThat(holdfast.engine().activity().isClaiming()).isTrue();
      assertThat(address.isExecuted()).isTrue();
    }
    assertThat(address.isExecuted()).isFalse();
    try (var reader = address.reader()) {
      assertThat(reader.location()).endsWith("runs.db");
    }
    assertThat(address.facts()).isInstanceOf(StoreFacts.OfFile.class);
  }

  @Test
  void tellsWhoExecutesADatabase() {
    String url = TestServer.url(TestServer.emptyDatabase());
    Options options = Options.standard().durability(Durability.EPHEMERAL);
    try (StoreAddress address = StoreAddress.parse(url, HERE, Map.of())) {
      try (Holdfast holdfast = address.open(options)) {
        assertThat(holdfast.engine().registered()).isEmpty();
        assertThat(address.isExecuted()).isTrue();
        var facts = (StoreFacts.OfServer) address.facts();
        assertThat(facts.workers()).singleElement().matches(StoreFacts.Worker::isAlive);
        assertThat(facts.hearsAnnouncements()).isTrue();
        assertThat(facts.unsafe()).hasValueSatisfying(why -> assertThat(why).contains("fsync"));
        assertThat(facts.schemaVersion()).isEqualTo(facts.schemaVersionMax());
      }
      assertThat(address.isExecuted()).isFalse();
    }
  }
}
