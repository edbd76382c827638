package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FaultyMessagesTest {
  private final FaultyMessages<String> source = FaultyMessages.of(List.of("a", "b", "c"));

  private List<String> consumed() {
    var seen = new ArrayList<String>();
    for (Optional<FaultyMessages<String>.Delivery> next = source.next();
        next.isPresent();
        next = source.next()) {
      seen.add(next.get().message());
      next.get().acknowledge();
    }
    return seen;
  }

  @Test
  void withoutAFaultEachComesOnce() {
    assertThat(consumed()).containsExactly("a", "b", "c");
  }

  @Test
  void oneComesTwice() {
    source.striking(1, Fault.DUPLICATED);
    assertThat(consumed()).containsExactly("a", "a", "b", "c");
  }

  @Test
  void oneIsOvertaken() {
    source.striking(1, Fault.OVERTAKEN);
    assertThat(consumed()).containsExactly("b", "a", "c");
  }

  @Test
  void theLastCannotBeOvertaken() {
    source.striking(3, Fault.OVERTAKEN);
    assertThat(consumed()).containsExactly("a", "b", "c");
  }

  @Test
  void oneIsLate() {
    source.striking(1, Fault.LATE);
    assertThat(consumed()).containsExactly("b", "c", "a");
  }

  @Test
  void whatWasAcknowledgedComesAgain() {
    source.striking(2, Fault.ACKNOWLEDGEMENT_LOST);
    assertThat(consumed()).containsExactly("a", "b", "c", "b");
  }

  @Test
  void sayingItTwiceDoesNotBringTheAcknowledgementThrough() {
    source.striking(1, Fault.ACKNOWLEDGEMENT_LOST);
    FaultyMessages<String>.Delivery first = source.next().orElseThrow();
    first.acknowledge();
    first.acknowledge();
    assertThat(consumed()).containsExactly("b", "c", "a");
  }

  @Test
  void whatIsNotAcknowledgedComesAgain() {
    assertThat(source.next()).map(FaultyMessages.Delivery::message).contains("a");
    assertThat(consumed()).containsExactly("b", "c", "a");
  }

  @Test
  void whatIsNeverAcknowledgedIsTold() {
    assertThatThrownBy(
            () -> {
              for (int looks = 0; looks < 1_000; looks++) {
                assertThat(source.next()).isPresent();
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("came 100 times");
  }

  @Test
  void whatCannotStrikeIsRefused() {
    assertThatThrownBy(() -> source.striking(4, Fault.LATE)).hasMessageContaining("there are 3");
    assertThatThrownBy(() -> source.striking(1, Fault.CRASH)).hasMessageContaining("crash at");
  }
}
