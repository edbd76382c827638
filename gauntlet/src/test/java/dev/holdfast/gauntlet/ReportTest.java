package dev.holdfast.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.gauntlet.Schedule.Moment;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ReportTest {
  private static final String HOSTILE = "<script>alert('x')</script> & \u0001 \"]]>";

  private static Schedule schedule(Fault fault, Moment moment) {
    var place = new Schedule.Place(moment, new RunId("r<1>"), new StepPath("effect:pay#0"), 1);
    return new Schedule(7, List.of(new Schedule.Strike(fault, place)));
  }

  private static final Schedule LOST = schedule(Fault.ANSWER_LOST, Moment.BEFORE_CALL);
  private static final Schedule CRASHED = schedule(Fault.CRASH, Moment.AFTER_COMMIT);
  private static final Report REPORT =
      new Report(
          List.of(
              new Report.Result(CRASHED, 1, Optional.empty()),
              new Report.Result(
                  LOST,
                  1,
                  Optional.of(new Report.Failure(LOST, HOSTILE, List.of("r 1.0 " + HOSTILE))))));

  @Test
  void thePageEscapesWhatRunsSay() {
    String page = REPORT.html("desk" + HOSTILE, Optional.of(REPORT));

    assertThat(page)
        .doesNotContain("<script", "\u0001")
        .contains("&lt;script&gt;", "1 of 2 schedules broke a law", "plain loop", "</svg>")
        .contains("answer-lost at BEFORE_CALL: 1 plays, 1 failed")
        .contains("crash at AFTER_COMMIT: 1 plays, 0 failed")
        .contains("answer-lost at BEFORE_CALL 1 of &#39;effect:pay#0&#39; in &#39;r&lt;1&gt;&#39;");
  }

  @Test
  void thePictureIsWellFormed() throws Exception {
    Document picture = parsed(new MatrixPicture(REPORT, HOSTILE).svg());

    assertThat(picture.getElementsByTagName("rect").getLength())
        .isEqualTo(2 * Moment.values().length);
  }

  @Test
  void theJsonHoldsEveryFailure() throws Exception {
    JsonNode page = new JsonMapper().readTree(REPORT.json("desk", Optional.of(REPORT)));

    assertThat(page.path("schedules").asInt()).isEqualTo(2);
    assertThat(page.path("violations").asInt()).isEqualTo(1);
    assertThat(page.path("matrix")).hasSize(2);
    assertThat(page.path("failures").get(0).path("why").asText()).isEqualTo(HOSTILE);
    assertThat(Schedule.parse(page.path("failures").get(0).path("shortest").asText()))
        .isEqualTo(LOST);
    assertThat(page.path("plain").path("violations").asInt()).isEqualTo(1);
  }

  @Test
  void buildServersCanReadTheXml() throws Exception {
    Document xml = parsed(REPORT.junitXml("desk"));

    Element suite = xml.getDocumentElement();
    assertThat(suite.getAttribute("tests")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(xml.getElementsByTagName("testcase").getLength()).isEqualTo(2);
    assertThat(xml.getElementsByTagName("failure").item(0).getTextContent())
        .contains("<script>", "\uFFFD");
  }

  @Test
  void theTableNamesEveryMoment() {
    assertThat(REPORT.table().lines())
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).startsWith("answer-lost").contains("1/1!"))
        .first()
        .asString()
        .contains(">claim", "commit>", ">message");
  }

  private static Document parsed(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
