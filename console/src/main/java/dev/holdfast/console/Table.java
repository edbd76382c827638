package dev.holdfast.console;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Columns that are as wide as their widest cell. */
final class Table {
  private static final String GAP = "  ";
  private static final Pattern ESCAPES = Pattern.compile("\033\\[[0-9;]*m");

  /** A row of one cell is a line of its own, however long. */
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row; colours in a cell do not count as width. */
  Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** Adds a line that the columns do not bind. */
  Table line(String text) {
    return row(text);
  }

  /** The rows as lines without blanks at their ends. */
  List<String> lines() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; row.size() > 1 && column < row.size(); column++) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    if (row.size() == 1) {
      return row.getFirst();
    }
    var line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      line.append(cell).append(" ".repeat(widths[column] - width(cell))).append(GAP);
    }
    return line.toString().stripTrailing();
  }

  /** The characters of a text that a terminal shows. */
  static int width(String text) {
    return ESCAPES.matcher(text).replaceAll("").length();
  }
}
