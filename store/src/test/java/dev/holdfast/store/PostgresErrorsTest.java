package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.StoreFailed;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "08006,AWAY",
    "08001,AWAY",
    "53300,AWAY",
    "53100,FULL",
    "57P01,AWAY",
    "57P02,AWAY",
    "57P03,AWAY",
    "57014,AWAY",
    "58030,AWAY",
    "25P03,AWAY",
    "25006,AWAY",
    "55P03,AWAY",
    "40001,REPEAT",
    "40P01,REPEAT",
    "22021,REQUEST",
    "23505,REQUEST",
    "54000,REQUEST",
    "25P02,BROKEN",
    "28P01,BROKEN",
    "3D000,BROKEN",
    "42501,BROKEN",
    "42P01,BROKEN",
    "42883,BROKEN",
    "XX001,BROKEN",
    "4,BROKEN"
  })
  void aCodeMeansThat(String code, PostgresErrors.Meaning meaning) {
    assertThat(PostgresErrors.meaning(new SQLException("x", code))).isEqualTo(meaning);
  }

  @Test
  void aPoolThatHasNoConnectionMeansThatTheServerIsAway() {
    for (SQLException failure :
        new SQLException[] {
          new SQLTransientConnectionException("timed out"),
          new SQLNonTransientConnectionException("refused"),
          new SQLRecoverableException("lost"),
          new SQLException("interrupted while waiting", new InterruptedException())
        }) {
      assertThat(PostgresErrors.meaning(failure)).isEqualTo(PostgresErrors.Meaning.AWAY);
    }
  }

  @Test
  void anErrorWithoutACodeIsNothingToRepairHere() {
    assertThat(PostgresErrors.meaning(new SQLException("what?")))
        .isEqualTo(PostgresErrors.Meaning.BROKEN);
  }

  @Test
  void onlyAServerThatIsAwayIsAskedAgain() {
    assertThat(PostgresErrors.failed("here", new SQLException("gone", "08006")))
        .isInstanceOf(StoreFailed.Unavailable.class)
        .hasMessageContainingAll("here", "08006: gone", "asked again");
    assertThat(PostgresErrors.failed("here", new SQLException("no right", "42501")))
        .isNotInstanceOf(StoreFailed.Unavailable.class)
        .hasMessageContainingAll("here", "42501: no right", "rights");
    assertThat(PostgresErrors.refused("here", new SQLException("too long", "54000")))
        .hasMessageContainingAll("here", "54000: too long", "nothing of it is kept");
  }

  @Test
  void whatFollowsTheFirstLineMayHoldValuesAndIsNotTold() {
    var failure = new SQLException("duplicate key\n  Detail: Key (id)=(secret)", "23505");

    assertThat(PostgresErrors.describe(failure)).isEqualTo("23505: duplicate key");
    assertThat(PostgresErrors.describe(new IllegalStateException("odd")))
        .isEqualTo("IllegalStateException: odd");
    assertThat(PostgresErrors.describe(new IllegalStateException()))
        .isEqualTo("IllegalStateException: null");
  }
}
