package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepsTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyRunOfTheWorkloadCompletes(boolean cheap) throws InterruptedException {
    try (var workload = new StepsWorkload(OpenStore.open(folder.resolve("steps.db")), cheap)) {
      workload.measure(SHORT);
      var measured = workload.measure(SHORT);
      assertThat(measured.unfinished()).isZero();
      assertThat(measured.stepsPerSecond()).isPositive();
      assertThat(measured.batch()).isGreaterThan(1);
    }
  }

  @Test
  void theRawWriterCommitsRowsOfTheStoresSchema() throws Exception {
    try (RawWriter writer = new RawWriter(folder.resolve("raw.db"))) {
      assertThat(writer.rowsPerSecond(7, SHORT)).isPositive();
      assertThat(writer.commitMillis()).isPositive();
    }
  }

  @Test
  void aLoneRunIsMeasuredReadByRead() {
    try (var workload = new LoneWorkload(folder.resolve("lone.db"))) {
      assertThat(workload.durableMillis(5).median()).isPositive();
      assertThat(workload.cheapMicros(50).median()).isPositive();
    }
  }

  @Test
  void aMedianIsTheMiddleValue() {
    var samples = new Samples();
    assertThatThrownBy(samples::median).hasMessage("Nothing was measured.");
    samples.add(9);
    samples.add(1);
    assertThat(samples.median()).isEqualTo(5);
    samples.add(2);
    assertThat(samples.median()).isEqualTo(2);
    assertThat(samples.last()).isEqualTo(2);
    assertThat(samples.spread()).isEqualTo(9);
  }

  @Test
  void figuresKeepTheirOrderAndFourDigits() {
    var figures = new Figures().put("runs", 3).put("ratio", 0.123456).put("rows_s", 123_456.7);
    assertThat(figures.json()).isEqualTo("{\"runs\":3, \"ratio\":0.1235, \"rows_s\":123500}");
    assertThatThrownBy(() -> figures.put("ratio", Double.NaN)).hasMessageContaining("ratio");
  }
}
