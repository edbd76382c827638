package dev.holdfast.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A recorded stream taken apart (WHATWG HTML, section 9.2, server-sent events). */
final class WireEvents {
  private static final Pattern END_OF_EVENT = Pattern.compile("(?:\r\n\r\n|\n\n|\r\r)[\r\n]*");

  private final String stream;

  WireEvents(String stream) {
    this.stream = stream;
  }

  /** The data of each event, in order. */
  List<String> data() {
    return END_OF_EVENT
        .splitAsStream(stream)
        .map(WireEvents::data)
        .filter(data -> !data.isEmpty())
        .toList();
  }

  private static String data(String event) {
    return event
        .lines()
        .filter(line -> line.startsWith("data:"))
        .map(line -> line.substring("data:".length()).stripLeading())
        .collect(Collectors.joining("\n"));
  }

  /** Lengths in bytes to cut the stream off at: before each event, and in the middle of each. */
  List<Integer> cuts() {
    SortedSet<Integer> cuts = new TreeSet<>();
    List<Integer> ends = new ArrayList<>();
    Matcher matcher = END_OF_EVENT.matcher(stream);
    while (matcher.find()) {
      ends.add(bytesUntil(matcher.end()));
    }
    ends.add(bytesUntil(stream.length()));
    int start = 0;
    for (int end : ends) {
      if (end > start) {
        cuts.add(start);
        cuts.add((start + end) / 2);
        start = end;
      }
    }
    return List.copyOf(cuts);
  }

  private int bytesUntil(int index) {
    return stream.substring(0, index).getBytes(StandardCharsets.UTF_8).length;
  }
}
