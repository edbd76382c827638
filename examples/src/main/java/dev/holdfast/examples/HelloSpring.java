package dev.holdfast.examples;

import dev.holdfast.kernel.Effect;
import dev.holdfast.kernel.Workflow;
import dev.holdfast.store.SpringTransactions;
import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** The same where Spring manages the transactions. */
final class HelloSpring {
  private HelloSpring() {}

  // snippet: own-tables-spring
  static Workflow<String, Integer> booking(PlatformTransactionManager manager, DataSource shop) {
    SpringTransactions transactions = SpringTransactions.over(manager, shop).createTable();
    var template = new JdbcTemplate(shop);
    Effect<String, Integer> book =
        Effect.<Connection, String, Integer>transactional(
            Integer.class,
            transactions,
            (connection, item) ->
                template.update("INSERT INTO booking (item) VALUES (?)", item)); // joins
    return Workflow.of("booking", String.class, Integer.class)
        .body((run, item) -> run.effect("book", item, book));
  }
  // end: own-tables-spring
}
