package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.spi.Fenced;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an executor holds follows its transactions. */
class ClaimsTest {
  private static final RunId RUN = new RunId("r");
  private final Claims claims = new Claims();

  private void hold(long epoch, long nextSequence) {
    claims.hold(RUN, new Claims.Held(1, epoch, nextSequence));
  }

  @Test
  void aClaimCountsInItsTransactionAtOnceAndForOthersOnceItIsDurable() {
    hold(1, 1);
    assertThat(claims.held(RUN, 1, 1)).isEqualTo(new Claims.Held(1, 1, 1, 0));
    assertThat(claims.isHeld(RUN, 1)).isFalse();
    assertThat(claims.executing()).isEmpty();

    claims.commit();

    assertThat(claims.isHeld(RUN, 1)).isTrue();
    assertThat(claims.isHeld(RUN, 2)).isFalse();
    assertThat(claims.executing()).isEqualTo(Map.of(1L, RUN));
  }

  @Test
  void whatIsRolledBackNeverWas() {
    hold(1, 1);
    claims.commit();
    hold(1, 9);
    assertThat(claims.held(RUN, 1, 9).nextSequence()).isEqualTo(9);
    claims.rollBack();
    assertThat(claims.held(RUN, 1, 1).nextSequence()).isEqualTo(1);
    claims.release(RUN);
    claims.rollBack();

    assertThat(claims.held(RUN, 1, 1).nextSequence()).isEqualTo(1);
  }

  @Test
  void aReleaseFencesItsTransactionAtOnceAndIsForgottenWithIt() {
    hold(1, 1);
    claims.admitted(RUN, Optional.of("anna"));
    claims.commit();
    claims.release(RUN);
    assertThatThrownBy(() -> claims.held(RUN, 1, 1)).isInstanceOf(Fenced.class);
    assertThat(claims.isHeld(RUN, 1)).as("until it is durable").isTrue();
    assertThat(claims.session(RUN)).contains("anna");

    claims.commit();

    assertThat(claims.isHeld(RUN, 1)).isFalse();
    assertThat(claims.executing()).isEmpty();
    assertThat(claims.isAdmitted(RUN)).isFalse();
    assertThat(claims.session(RUN)).isEmpty();
  }

  @Test
  void anotherEpochIsFencedAndAGapIsTold() {
    hold(2, 5);

    assertThatThrownBy(() -> claims.held(RUN, 1, 5))
        .isInstanceOf(Fenced.class)
        .hasMessageContaining("Run r is not held under claim 1 any more");
    assertThatThrownBy(() -> claims.held(RUN, 2, 6))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the next sequence is 5, the append begins at 6");
    assertThatThrownBy(() -> claims.held(new RunId("other"), 2, 5)).isInstanceOf(Fenced.class);
  }

  @Test
  void aRunOutsideOfQueuesAndSessionsIsNotAdmitted() {
    hold(1, 1);
    claims.commit();
    assertThat(claims.isAdmitted(RUN)).isFalse();
    claims.admitted(RUN, Optional.empty());

    assertThat(claims.isAdmitted(RUN)).isTrue();
    assertThat(claims.session(RUN)).isEmpty();
  }

  @Test
  void whoLosesEverythingHoldsNothing() {
    hold(1, 1);
    claims.admitted(RUN, Optional.of("anna"));
    claims.commit();
    hold(1, 2);

    claims.lose();

    assertThat(claims.isHeld(RUN, 1)).isFalse();
    assertThat(claims.find(RUN)).isNull();
    assertThat(claims.executing()).isEmpty();
    assertThat(claims.isAdmitted(RUN)).isFalse();
    claims.commit();
    assertThat(claims.executing()).as("the change was lost too").isEmpty();
  }
}
