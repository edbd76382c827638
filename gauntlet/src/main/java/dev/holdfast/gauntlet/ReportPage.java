package dev.holdfast.gauntlet;

import java.util.Optional;

/** A report as one page of HTML that needs nothing else. */
final class ReportPage {
  private static final int FAILURES_MAX = 100;
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1c2330; --paper: #fff; --soft: #667;
        --pass: #2f9e63; --fail: #d43c3c; --none: #e8eaf0; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --paper: #14181f;
        --soft: #9aa3b5; --pass: #2c8a58; --fail: #d9534f; --none: #262c37; } }
      body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
        max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { margin-bottom: 0; } .bound { font-size: 1.2rem; }
      .figures { display: flex; gap: 2rem; flex-wrap: wrap; padding: 0; list-style: none; }
      .figures b { display: block; font-size: 1.8rem; }
      .matrix { width: 100%; height: auto; } .matrix text { fill: var(--ink); font-size: 12px; }
      .matrix .row { text-anchor: end; } .matrix .count { text-anchor: middle; fill: #fff; }
      .passed { fill: var(--pass); } .failed { fill: var(--fail); } .never { fill: var(--none); }
      pre { background: var(--none); padding: .8rem; overflow-x: auto; border-radius: 6px; }
      .key { color: var(--soft); } .key i { display: inline-block; width: .9em; height: .9em;
        border-radius: 3px; margin: 0 .3em 0 1em; vertical-align: -1px; }
      """;

  private final Report report;
  private final String agent;
  private final Optional<Report> plain;
  private final StringBuilder out = new StringBuilder();

  /**
   * A page.
   *
   * @param plain what came of the same schedules without a runtime
   */
  ReportPage(Report report, String agent, Optional<Report> plain) {
    this.report = report;
    this.agent = agent;
    this.plain = plain;
  }

  String html() {
    String title = Escape.xml("Resilience of " + agent);
    line("<!doctype html><html lang='en'><head><meta charset='utf-8'>");
    line("<meta name='viewport' content='width=device-width, initial-scale=1'>");
    line("<title>%s</title><style>%s</style></head><body>".formatted(title, STYLE));
    line("<h1>%s</h1>".formatted(title));
    part(report);
    plain.ifPresent(other -> {
      line("<h1>The same agent on a plain loop</h1>");
      line("<p>The same schedules, without a runtime: of their faults only crashes and those of");
      line("calls, results and models strike there.</p>");
      part(other);
    });
    line("</body></html>");
    return out.toString();
  }

  private void part(Report shown) {
    line("<p class='bound'>%s</p>".formatted(Escape.xml(shown.bound())));
    line("<ul class='figures'>");
    figure("schedules", shown.schedules());
    figure("faults that struck", shown.injections());
    figure("schedules that broke a law", shown.failed().size());
    line("</ul>");
    line(new MatrixPicture(shown, "Plays by fault and moment").svg());
    line("<p class='key'>Plays of a fault at a moment:");
    line("<i style='background:var(--pass)'></i>every law held, how many plays");
    line("<i style='background:var(--fail)'></i>a law was broken, in how many");
    line("<i style='background:var(--none)'></i>cannot strike there</p>");
    shown.failed().stream().limit(FAILURES_MAX).forEach(this::failure);
    if (shown.failed().size() > FAILURES_MAX) {
      line(
          "<p>%d more failures are in the JSON file.</p>"
              .formatted(shown.failed().size() - FAILURES_MAX));
    }
  }

  private void figure(String name, int value) {
    line("<li><b>%,d</b>%s</li>".formatted(value, name));
  }

  private void failure(Report.Result result) {
    Report.Failure failure = result.failure().orElseThrow();
    line("<h2>A law was broken</h2><pre>%s</pre>".formatted(Escape.xml(failure.why())));
    line("<p>The shortest schedule found that breaks one:</p>");
    line("<pre>%s</pre>".formatted(Escape.xml(failure.shortest().text())));
    if (!failure.trace().isEmpty()) {
      line("<details><summary>What was recorded</summary><pre>");
      failure.trace().forEach(entry -> line(Escape.xml(entry)));
      line("</pre></details>");
    }
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
