package dev.holdfast.store;
import dev.holdfast.journal.*;
import dev.holdfast.kernel.spi.Transactions;
import java.sql.*;
import java.util.function.Function;
import javax.sql.DataSource;
/** Stub. */
public final class JdbcTransactions implements Transactions<Connection> {
  private final DataSource source;
  private JdbcTransactions(DataSource source) { this.source = source; }
  /** Over. */
  public static JdbcTransactions over(DataSource source) { 
    try (Connection c = source.getConnection(); Statement s = c.createStatement()) { s.execute("CREATE TABLE IF NOT EXISTS dedupe (k TEXT PRIMARY KEY, result TEXT)"); } catch (SQLException e) { throw new IllegalStateException(e); }
    return new JdbcTransactions(source); }
  @Override public <I, O> Guarded<O> once(IdempotencyKey key, I input, Work<Connection, ? super I, O> work, Function<O, Payload> encode) throws Exception {
    try (Connection c = source.getConnection()) {
      c.setAutoCommit(false);
      try (PreparedStatement p = c.prepareStatement("INSERT INTO dedupe(k) VALUES(?) ON CONFLICT DO NOTHING")) {
        p.setString(1, key.text());
        if (p.executeUpdate() == 0) {
          try (PreparedStatement q = c.prepareStatement("SELECT result FROM dedupe WHERE k = ?")) { q.setString(1, key.text()); try (ResultSet r = q.executeQuery()) { r.next(); return new Guarded.Repeated<>(new Payload(r.getString(1))); } }
        }
        O o = work.apply(c, input);
        try (PreparedStatement u = c.prepareStatement("UPDATE dedupe SET result = ? WHERE k = ?")) { u.setString(1, encode.apply(o).text()); u.setString(2, key.text()); u.executeUpdate(); }
        c.commit();
        return new Guarded.Done<>(o);
      } catch (Exception e) { c.rollback(); throw new RolledBack(e); }
    }
  }
}
