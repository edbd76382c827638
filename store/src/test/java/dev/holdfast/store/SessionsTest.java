package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Payload;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose turn it is in the sessions of a file. */
class SessionsTest extends SqliteTables {
  private static final Optional<Payload> NOTHING = Optional.empty();

  private String standing(String id) throws SQLException {
    return value(
        "SELECT coalesce('ready ' || ready_at, 'turn ' || turn_at, status) FROM run"
            + " WHERE id = '"
            + id
            + "'");
  }

  private String state() throws SQLException {
    try (PreparedStatement state = connection.prepareStatement(Sessions.STATE)) {
      state.setString(1, "anna");
      try (ResultSet row = state.executeQuery()) {
        return row.next() ? row.getString(1) : "nothing";
      }
    }
  }

  private int behind(String id) throws SQLException {
    try (PreparedStatement behind = connection.prepareStatement(Sessions.BEHIND)) {
      behind.setString(1, id);
      try (ResultSet row = behind.executeQuery()) {
        return row.getInt(1);
      }
    }
  }

  @Test
  void theFirstHasTheTurnAndTheOthersWaitForIt() throws SQLException {
    long first = accepted(inSession("first", "anna"));
    long second = accepted(inSession("second", "anna"));
    long other = accepted(inSession("other", "bob"));
    long outside = accepted(run("outside"));

    assertThat(standing("first")).isEqualTo("ready 1000");
    assertThat(standing("second")).isEqualTo("turn 1000");
    assertThat(tables.sessions().hasTurn(first)).isTrue();
    assertThat(tables.sessions().hasTurn(second)).isFalse();
    assertThat(tables.sessions().hasTurn(other)).isTrue();
    assertThat(tables.sessions().hasTurn(outside)).isTrue();
    assertThat(behind("first")).isEqualTo(1);
    assertThat(behind("second")).as("has no turn itself").isZero();
    assertThat(behind("outside")).isZero();
  }

  @Test
  void anEndGivesTheTurnToTheOneAcceptedNextAndNotBeforeItsTime() throws SQLException {
    long first = accepted(inSession("first", "anna"));
    accepted(run("delayed", AT + 500, Optional.empty(), Optional.of("anna")));
    accepted(inSession("third", "anna"));
    end(first);

    tables.sessions().ended(first, NOTHING, AT + 100);

    assertThat(standing("delayed")).isEqualTo("ready " + (AT + 500));
    assertThat(standing("third")).isEqualTo("turn " + AT);
    long delayed = Long.parseLong(value("SELECT number FROM run WHERE id = 'delayed'"));
    end(delayed);
    tables.sessions().ended(delayed, NOTHING, AT + 600);
    assertThat(standing("third")).as("since the turn was given").isEqualTo("ready " + (AT + 600));
  }

  @Test
  void aTurnThatNobodyWaitsForIsFree() throws SQLException {
    long first = accepted(inSession("first", "anna"));
    end(first);
    tables.sessions().ended(first, NOTHING, AT);
    assertThat(value("SELECT turn FROM session")).isEqualTo("null");

    accepted(inSession("second", "anna"));

    assertThat(standing("second")).isEqualTo("ready 1000");
  }

  @Test
  void aStateStaysUntilAnotherIsHandedOn() throws SQLException {
    long first = accepted(inSession("first", "anna"));
    assertThat(state()).isEqualTo("nothing");
    tables.sessions().ended(first, Optional.of(new Payload("\"one\"")), AT);
    assertThat(state()).isEqualTo("\"one\"");
    long second = accepted(inSession("second", "anna"));
    tables.sessions().ended(second, NOTHING, AT);

    assertThat(state()).isEqualTo("\"one\"");
  }

  @Test
  void whoWokeUpWithoutTheTurnWaitsForItAndGivesNobodyElses() throws SQLException {
    long truncated = accepted(inSession("truncated", "anna"));
    tables.sessions().ended(truncated, NOTHING, AT);
    accepted(inSession("second", "anna"));
    assertThat(tables.sessions().hasTurn(truncated)).isFalse();

    tables.sessions().awaitTurn(truncated, AT, AT);

    assertThat(standing("truncated")).isEqualTo("turn 1000");
    assertThat(standing("second")).isEqualTo("ready 1000");
    assertThat(value("SELECT awaits FROM run WHERE id = 'truncated'")).isEqualTo("null");
  }

  @Test
  void theEndOfARunOutsideOfSessionsTouchesNone() throws SQLException {
    accepted(inSession("first", "anna"));
    long outside = accepted(run("outside"));

    tables.sessions().ended(outside, Optional.of(new Payload("1")), AT);

    assertThat(value("SELECT count(*) FROM session WHERE state IS NOT NULL")).isEqualTo("0");
    assertThat(value("SELECT turn FROM session")).isEqualTo("1");
  }
}
