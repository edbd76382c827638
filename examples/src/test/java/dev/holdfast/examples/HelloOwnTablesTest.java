package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.Holdfast;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class HelloOwnTablesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private DataSource shop;
  private JdbcTemplate template;

  @BeforeEach
  void makeTable() {
    shop = Stock.source(directory.resolve("shop.db"));
    template = new JdbcTemplate(shop);
    template.execute("CREATE TABLE booking (number INTEGER PRIMARY KEY, item TEXT)");
  }

  @Test
  void aStartedVisitBooksOnce() {
    assertBooksOnce(HelloOwnTables.booking(shop));
  }

  @Test
  void soItDoesWithSpring() {
    assertBooksOnce(HelloSpring.booking(new DataSourceTransactionManager(shop), shop));
  }

  /** A lost store does not know what the shop's own database knows. */
  private void assertBooksOnce(Workflow<String, Integer> workflow) {
    for (String store : List.of("runs.db", "runs.db", "lost.db")) {
      try (var holdfast = Holdfast.open(directory.resolve(store))) {
        holdfast.register(workflow);
        assertThat(holdfast.start(workflow, "visit-1", "kettle").run(PATIENCE)).isEqualTo(1);
      }
    }
    assertThat(template.queryForList("SELECT item FROM booking", String.class))
        .containsExactly("kettle");
  }
}
