package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What JUnit tells of a test that the gauntlet breaks. */
class GauntletExtensionTest {
  private static final List<String> SURVIVED = new ArrayList<>();

  /** Not found by itself, since it is nested. */
  static final class Sample {
    @Gauntlet(scenario = Careless.class, faults = Faults.CALLS, combinations = 0)
    void thereIsOnePayment(Schedule schedule) {
      SURVIVED.add(schedule.text());
    }

    @Gauntlet(
        scenario = Careless.class,
        faults = {},
        combinations = 1)
    void nothingStrikes(Schedule schedule) {}
  }

  private static TestExecutionSummary summary() {
    var listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Sample.class)).build(),
            listener);
    return listener.getSummary();
  }

  @Test
  void eachScheduleIsATestAndAFailureNamesItsOwn() {
    TestExecutionSummary summary = summary();
    List<String> messages =
        summary.getFailures().stream().map(each -> each.getException().getMessage()).toList();

    assertThat(summary.getTestsFoundCount()).isGreaterThan(summary.getTestsFailedCount());
    assertThat(messages)
        .anySatisfy(message ->
            assertThat(message)
                .contains(
                    "payments",
                    "seed 1",
                    "answer-lost at BEFORE_CALL 1 of 'effect:pay#0' in 'sale-1'"))
        .anySatisfy(message -> assertThat(message).contains("@Gauntlet has no faults"));
    assertThat(SURVIVED).isNotEmpty();
  }
}
