package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.console.Steps.Standing;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepsTest {
  @Test
  void tellsWhereEachStepStands() {
    assertThat(Steps.of(Histories.acrossCrashes()))
        .extracting(Steps.Step::path, Steps.Step::standing)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Histories.FIND, Standing.DONE),
            org.assertj.core.groups.Tuple.tuple(Histories.REFUND, Standing.DONE),
            org.assertj.core.groups.Tuple.tuple(Histories.PICKUP, Standing.OPEN));
    assertThat(Steps.of(Histories.inDoubt()).getLast().standing()).isEqualTo(Standing.IN_DOUBT);
    assertThat(Steps.of(Histories.completed()).getLast().standing()).isEqualTo(Standing.DONE);
  }

  @Test
  void countsAttemptsAndClaims() {
    Steps.Step refund = Steps.of(Histories.completed()).get(1);
    assertThat(refund.attempts()).isEqualTo(3);
    assertThat(refund.epochs()).containsExactly(1L, 2L);
    assertThat(refund.call().map(Entry.Call::contract)).contains(Contract.KEYED);
  }

  @Test
  void tellsWhereStepsStandThatWaitForPeopleAndTime() {
    var history = Histories.ofPeople();
    assertThat(Steps.of(history.subList(0, 2)).getFirst().standing()).isEqualTo(Standing.ASKED);
    assertThat(Steps.of(history))
        .extracting(Steps.Step::standing)
        .containsExactly(Standing.DONE, Standing.DONE, Standing.WAITING);
    assertThat(Steps.of(history).getLast().since()).isEqualTo(history.get(10).at());
    var json = ShowJson.of(Histories.state(Status.CANCELLED, 4), history, List.of());
    assertThat(json.get("steps").get(0).get("time_was_up").asBoolean()).isTrue();
    assertThat(json.get("steps").get(1).get("signal_id").asText()).isEqualTo("scan-1");
    assertThat(json.get("cancelled_by").asText()).isEqualTo("ada");
    assertThat(json.get("unsettled").get(0).asText()).isEqualTo(Histories.PICKUP.text());
    var waits = ShowJson.of(Histories.state(Status.WAITING, 2), history.subList(0, 8), List.of());
    assertThat(waits.get("waits").get(0).get("signal").asText()).isEqualTo("goods-back");
  }

  @Test
  void printsAsJson() {
    var json = ShowJson.of(Histories.state(Status.COMPLETED, 4), Histories.completed(), List.of());
    assertThat(json.get("run").asText()).isEqualTo("order-4711");
    assertThat(json.get("bands")).hasSize(4);
    assertThat(json.get("steps").get(1).get("result").asText()).isEqualTo("R-1");
    assertThat(json.get("steps").get(1).get("contract").asText()).isEqualTo("KEYED");
    assertThat(json.get("steps").get(2).get("settled_by").asText()).isEqualTo("ada");
    assertThat(json.get("steps").get(2).get("result").asText()).isEqualTo("P-1");
  }
}
