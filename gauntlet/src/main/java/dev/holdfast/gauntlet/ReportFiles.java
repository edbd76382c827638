package dev.holdfast.gauntlet;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringWriter;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A report for machines. */
final class ReportFiles {
  private static final JsonMapper JSON = new JsonMapper();

  private ReportFiles() {}

  /** As a JSON object: figures, the matrix and every failure. */
  static String json(Report report, String agent, Optional<Report> plain) {
    ObjectNode page = JSON.createObjectNode().put("agent", agent);
    tell(report, page);
    plain.ifPresent(beside -> tell(beside, page.putObject("plain")));
    return page.toPrettyString();
  }

  private static void tell(Report report, ObjectNode page) {
    page.put("schedules", report.schedules())
        .put("injections", report.injections())
        .put("violations", report.failed().size())
        .put("bound", report.bound());
    ArrayNode matrix = page.putArray("matrix");
    report
        .matrix()
        .forEach((fault, row) ->
            row.forEach((moment, cell) ->
                matrix
                    .addObject()
                    .put("fault", fault.word())
                    .put("moment", moment.name())
                    .put("played", cell.played())
                    .put("failed", cell.failed())));
    ArrayNode failures = page.putArray("failures");
    for (Report.Result result : report.failed()) {
      Report.Failure failure = result.failure().orElseThrow();
      ObjectNode told =
          failures
              .addObject()
              .put("why", failure.why())
              .put("schedule", result.schedule().text())
              .put("shortest", failure.shortest().text());
      failure.trace().forEach(told.putArray("trace")::add);
    }
  }

  /** As the XML that build servers know from JUnit: a test case for each schedule. */
  static String junitXml(Report report, String agent) {
    var out = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "gauntlet " + agent);
      xml.writeAttribute("tests", Integer.toString(report.schedules()));
      xml.writeAttribute("failures", Integer.toString(report.failed().size()));
      for (Report.Result result : report.results()) {
        write(xml, result, agent);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
      return out.toString();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException("A string cannot be written.", impossible);
    }
  }

  private static void write(XMLStreamWriter xml, Report.Result result, String agent)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "gauntlet." + agent);
    xml.writeAttribute("name", String.join("; ", result.schedule().text().lines().toList()));
    if (result.failure().isPresent()) {
      Report.Failure failure = result.failure().get();
      xml.writeStartElement("failure");
      xml.writeAttribute("message", allowed(failure.why().lines().findFirst().orElse("")));
      xml.writeCharacters(allowed(failure.why()));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** Without the characters that XML forbids. */
  private static String allowed(String text) {
    return text.replaceAll(
        "[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD");
  }
}
