package dev.holdfast.gauntlet;

import dev.holdfast.gauntlet.Schedule.Moment;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The matrix of a report as a picture: a row for each fault, a column for each moment. */
final class MatrixPicture {
  private static final int LEFT = 190;
  private static final int TOP = 130;
  private static final int CELL_WIDTH = 56;
  private static final int CELL_HEIGHT = 24;
  private static final int GAP = 3;

  private static final List<Moment> COLUMNS = List.of(Moment.values());

  private final Report report;
  private final String title;
  private final StringBuilder out = new StringBuilder();

  MatrixPicture(Report report, String title) {
    this.report = report;
    this.title = title;
  }

  /** The picture as SVG, to stand in a page that defines its colours. */
  String svg() {
    Map<Fault, Map<Moment, Report.Cell>> matrix = report.matrix();
    List<Fault> faults = List.copyOf(matrix.keySet());
    int width = LEFT + COLUMNS.size() * CELL_WIDTH + 60;
    int height = TOP + faults.size() * CELL_HEIGHT + 10;
    line(
        "<svg viewBox='0 0 %d %d' role='img' class='matrix'><title>%s</title>"
            .formatted(width, height, Escape.xml(title)));
    line("<desc>%s</desc>".formatted(Escape.xml(report.bound())));
    for (int column = 0; column < COLUMNS.size(); column++) {
      Moment moment = COLUMNS.get(column);
      int x = LEFT + column * CELL_WIDTH + CELL_WIDTH / 2;
      line(
          "<text class='column' transform='translate(%d,%d) rotate(-45)'>%s</text>"
              .formatted(x, TOP - 8, moment.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    }
    for (int row = 0; row < faults.size(); row++) {
      row(faults.get(row), matrix, TOP + row * CELL_HEIGHT);
    }
    line("</svg>");
    return out.toString();
  }

  private void row(Fault fault, Map<Fault, Map<Moment, Report.Cell>> matrix, int y) {
    line("<text class='row' x='%d' y='%d'>%s</text>".formatted(LEFT - 10, y + 16, fault.word()));
    for (int column = 0; column < COLUMNS.size(); column++) {
      Moment moment = COLUMNS.get(column);
      int x = LEFT + column * CELL_WIDTH;
      Report.Cell cell = matrix.getOrDefault(fault, Map.of()).get(moment);
      if (cell == null) {
        rectangle("never", x, y, "not applicable: %s %s".formatted(fault.word(), moment));
      } else {
        String told =
            "%s at %s: %d plays, %d failed"
                .formatted(fault.word(), moment, cell.played(), cell.failed());
        rectangle(cell.failed() > 0 ? "failed" : "passed", x, y, told);
        String count = cell.failed() > 0 ? "%d!".formatted(cell.failed()) : "" + cell.played();
        line(
            "<text class='count' x='%d' y='%d'>%s</text>"
                .formatted(x + CELL_WIDTH / 2 - 1, y + 16, count));
      }
    }
  }

  private void rectangle(String kind, int x, int y, String told) {
    line(
        "<rect class='%s' x='%d' y='%d' width='%d' height='%d' rx='3'><title>%s</title></rect>"
            .formatted(kind, x, y, CELL_WIDTH - GAP, CELL_HEIGHT - GAP, told));
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
