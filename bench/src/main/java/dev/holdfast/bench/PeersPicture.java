package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The measured figures as a picture of bars, in SVG that needs no font and no script. */
record PeersPicture(PeerResults results, List<String> footer) {
  private static final int WIDTH = 960;
  private static final int TITLES = 210;
  private static final int BARS = 420;
  private static final int ROW = 26;
  private static final int GAP = 56;
  private static final int FOOTER_ROW = 18;
  private static final int FOOTER_COLUMNS = 130;

  /** A bar with what is written before and behind it. */
  private record Bar(PeerSystem system, double value, String text) {}

  String svg() {
    var body = new StringBuilder();
    int y = 30;
    y = panel(body, y, "A. Durable steps a second, 64 runs at once (more is better)", steps());
    y = panel(body, y, "B. Bytes on disk for a turn of 2,048 (less is better)", bytes());
    y =
        panel(
            body, y, "C. Seconds from a new start until 1,000 half-done runs are done", seconds());
    y = panel(body, y, "E. Effects that happened twice under kill -9 (0 is right)", duplicates());
    for (String line : footer.stream().flatMap(PeersPicture::wrapped).toList()) {
      body.append(text(20, y, 12, "#555", line));
      y += FOOTER_ROW;
    }
    String size =
        "width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\"".formatted(WIDTH, y + 10);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" %s font-family=\"sans-serif\">%n"
            .formatted(size)
        + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
        + body
        + "</svg>\n";
  }

  /** What is wider than the picture goes on in the next line. */
  private static Stream<String> wrapped(String line) {
    int end = line.length() <= FOOTER_COLUMNS ? -1 : line.lastIndexOf(", ", FOOTER_COLUMNS);
    return end < 0
        ? Stream.of(line)
        : Stream.concat(
            Stream.of(line.substring(0, end + 1)), wrapped("  " + line.substring(end + 2)));
  }

  private List<Bar> steps() {
    List<Bar> bars = new ArrayList<>();
    Optional<Double> dbos = results.steps(PeerSystem.DBOS).map(Samples::median);
    for (PeerSystem system : PeerSystem.values()) {
      Optional<Samples> samples = results.steps(system);
      if (samples.isPresent()) {
        double median = samples.get().median();
        String beside = dbos.map(one -> ", %.2f x DBOS".formatted(median / one)).orElse("");
        bars.add(new Bar(system, median, "%,.0f%s".formatted(median, beside)));
      }
    }
    return bars;
  }

  private List<Bar> bytes() {
    return results.bytes().entrySet().stream()
        .map(each -> new Bar(each.getKey(), each.getValue(), "%,.0f".formatted(each.getValue())))
        .toList();
  }

  private List<Bar> seconds() {
    return results.recoveries().entrySet().stream()
        .map(each -> new Bar(each.getKey(), each.getValue().seconds(), recovery(each.getValue())))
        .toList();
  }

  private static String recovery(PeerRecovery.Seen seen) {
    return "%.1f s, %,d steps again, %,d lost".formatted(seen.seconds(), seen.again(), seen.lost());
  }

  private List<Bar> duplicates() {
    return results.effects().entrySet().stream().map(PeersPicture::duplicates).toList();
  }

  private static Bar duplicates(Map.Entry<PeerSystem, PeerEffects.Seen> each) {
    PeerEffects.Seen seen = each.getValue();
    String text = "%d twice, %d lost".formatted(seen.duplicates(), seen.lost());
    return new Bar(each.getKey(), seen.duplicates(), text);
  }

  /** Draws a panel and returns where the next one begins. */
  private static int panel(StringBuilder body, int top, String title, List<Bar> bars) {
    if (bars.isEmpty()) {
      return top;
    }
    double most = Math.max(1e-9, bars.stream().mapToDouble(Bar::value).max().orElse(1));
    body.append(text(20, top, 16, "#111", title));
    int y = top + 14;
    for (Bar bar : bars) {
      int width = (int) Math.round(Math.max(1, BARS * bar.value() / most));
      body.append(text(20, y + 17, 13, "#111", bar.system().title()));
      body.append(
          "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n"
              .formatted(TITLES, y + 3, width, ROW - 6, color(bar.system())));
      body.append(text(TITLES + width + 8, y + 17, 13, "#111", bar.text()));
      y += ROW;
    }
    return y + GAP - ROW / 2;
  }

  private static String color(PeerSystem system) {
    return switch (system) {
      case HOLDFAST_SQLITE, HOLDFAST_POSTGRES -> "#1f6feb";
      case RAW, RAW_POSTGRES -> "#b0b7c0";
      case DBOS, NAIVE, RESTATE, LANGGRAPH_SQLITE, LANGGRAPH_POSTGRES -> "#d9822b";
    };
  }

  private static String text(int x, int y, int size, String color, String words) {
    return "<text x=\"%d\" y=\"%d\" font-size=\"%d\" fill=\"%s\">%s</text>%n"
        .formatted(x, y, size, color, escaped(words));
  }

  private static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
