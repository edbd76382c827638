package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class PeersTest {
  @TempDir private Path folder;

  private static Samples samples(double... values) {
    var samples = new Samples();
    for (double value : values) {
      samples.add(value);
    }
    return samples;
  }

  private static PeerLedger.Line line(String run, String key) {
    return new PeerLedger.Line(run, key);
  }

  private static PeerResults results() {
    var results = new PeerResults();
    results.enterSteps(PeerSystem.HOLDFAST_POSTGRES, 600);
    results.enterSteps(PeerSystem.HOLDFAST_POSTGRES, 400);
    results.enterSteps(PeerSystem.DBOS, 100);
    results.enterSteps(PeerSystem.DBOS, 50);
    results.flushes().add(0.1);
    results.flushes().add(0.15);
    results.enterBytes(PeerSystem.NAIVE, 2_050);
    results.enter(PeerSystem.DBOS, new PeerEffects.Seen(7, 1, 0, 3));
    results.enter(PeerSystem.DBOS, new PeerRecovery.Seen(1.5, 4, 0, 0));
    results.enterOnce(PeerSystem.HOLDFAST_SQLITE, new PeerEffects.Seen(0, 0, 2, 3));
    return results;
  }

  @Test
  void aRatioIsTheMedianOfTheRoundsAndNotOfTheRates() {
    List<Double> ours = List.of(10.0, 90.0, 20.0);
    List<Double> theirs = List.of(1.0, 90.0, 10.0);
    PeerRatio ratio = PeerRatio.of("ratio", 2.5, ours, theirs, samples(1, 1.9));
    assertThat(ratio.median()).isEqualTo(2);
    assertThat(ratio.verdict()).isEqualTo("missed");
  }

  @ParameterizedTest
  @CsvSource({
    "2.0, met",
    "2.1, 'inconclusive, the disk was not steady (met)'",
    "1.0, met",
  })
  void aDiskThatMovedMoreThanTwofoldDecidesNothing(double flush, String verdict) {
    PeerRatio ratio = PeerRatio.of("ratio", 5, List.of(5.0), List.of(1.0), samples(1, flush));
    assertThat(ratio.verdict()).isEqualTo(verdict);
  }

  @Test
  void anEffectThatIsNeitherInTheLedgerNorToldIsLost() {
    var lines = List.of(line("effect-0", "a"), line("effect-0", "b"), line("effect-1", "c"));
    PeerEffects.Seen seen = new PeerEffects(4, 0).seen(lines, Set.of("effect-1", "effect-2"), 1);
    assertThat(seen).isEqualTo(new PeerEffects.Seen(1, 1, 2, 1));
  }

  @Test
  void aStepIsRecordedOnceTheNextOneHasBegun() {
    var before = List.of(line("run", "0"), line("run", "1"));
    var after = List.of(line("run", "0"), line("run", "1"), line("run", "1"), line("run", "0"));
    assertThat(new PeerRecovery(1).seen(before, after, 2))
        .isEqualTo(new PeerRecovery.Seen(2, 2, 1, Peer.STEPS - 2));
  }

  @Test
  void theOutsideHonoursAKeyEvenAcrossProcesses() throws Exception {
    Path file = folder.resolve("ledger.txt");
    for (int life = 0; life < 2; life++) {
      try (var ledger = new PeerLedger(file)) {
        ledger.payOnce("run", "key");
        ledger.pay("run", "no-key");
      }
    }
    Files.writeString(file, Files.readString(file) + "half a li");
    assertThat(PeerLedger.read(file))
        .containsExactly(line("run", "key"), line("run", "no-key"), line("run", "no-key"));
  }

  @Test
  void figuresBearTheNamesOfTheirSystems() {
    assertThat(new PeersReport(results()).figures().json())
        .contains("\"steps_s_holdfast_postgres\":500", "\"steps_s_dbos\":75")
        .contains("\"duplicates_dbos\":7", "\"lost_dbos\":1", "\"bytes_per_turn_naive\":2050")
        .contains("\"doubts_holdfast_sqlite_once\":2", "\"ratio_holdfast_postgres\":7")
        .doesNotContain("ratio_holdfast_sqlite", "steps_s_raw");
  }

  @Test
  void onlyHoldfastIsHeldToItsLaws() {
    PeerResults results = results();
    assertThat(results.brokenLaws()).isEmpty();
    results.enter(PeerSystem.HOLDFAST_SQLITE, new PeerEffects.Seen(1, 0, 0, 3));
    results.enter(PeerSystem.HOLDFAST_POSTGRES, new PeerRecovery.Seen(1, 9, 1, 0));
    results.enterUnfinished(3);
    assertThat(results.brokenLaws())
        .hasSize(3)
        .anyMatch(law -> law.contains("SQLite repeated or lost an effect"))
        .anyMatch(law -> law.contains("PostgreSQL ran recorded steps again"));
  }

  @Test
  void aLongFactGoesOnInTheNextLineOfThePicture() {
    String fact = "PostgreSQL: " + "setting=value, ".repeat(20) + "last=one";
    String svg = new PeersPicture(results(), List.of(fact)).svg();
    assertThat(svg).contains(">PostgreSQL: setting=value,").contains("last=one</text>");
    assertThat(svg.lines().filter(line -> line.contains("setting=value")))
        .hasSizeGreaterThan(1)
        .allMatch(line -> line.length() < 230);
  }

  @Test
  void thePictureShowsWhatWasMeasuredAndNothingElse() throws Exception {
    String svg = new PeersPicture(results(), List.of("Machine <&> more")).svg();
    Document parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(parsed.getDocumentElement().getTextContent())
        .contains("Holdfast, PostgreSQL", "500, 6.67 x DBOS", "7 twice, 1 lost")
        .contains("1.5 s, 4 steps again, 0 lost", "2,050", "Machine <&> more")
        .doesNotContain("Restate");
    // Two bars of steps, one each of bytes, seconds and duplicates; and the background.
    assertThat(parsed.getElementsByTagName("rect").getLength()).isEqualTo(6);
  }

  @Test
  void anAnswerIsReadWordByWord() {
    assertThat(PeerProcess.parse("steps_s=1.5 doubt:effect-3=1"))
        .isEqualTo(Map.of("steps_s", 1.5, "doubt:effect-3", 1.0));
  }

  @Test
  void aProcessThatEndsIsToldWithItsLastLines() {
    List<String> command = List.of("sh", "-c", "echo no such system; exit 3");
    assertThatThrownBy(() -> PeerProcess.start("odd", command, folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("odd ended after 'open'")
        .hasMessageContaining("no such system");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://localhost:5432/x?user=u&password=p, postgres://u:p@localhost:5432/x",
    "jdbc:postgresql://db:1/x, postgres://postgres@db:1/x",
  })
  void aDatabaseIsNamedAsNodeNamesIt(String jdbcUrl, String expected) {
    assertThat(PeerNode.postgresUrl(jdbcUrl)).isEqualTo(expected);
  }

  @Test
  void ordersOfNoKnownFormAreRefused() {
    assertThat(Command.run("peers", "--rounds", "0").err()).contains("--rounds must be 1 to 100");
    assertThat(Command.run("peers", "--systems", "temporal").err()).contains("temporal");
  }
}
