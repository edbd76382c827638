package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts verdicts; for one thread. */
final class WireTally {
  private static final int FAULTS_SHOWN = 20;

  private final Map<String, Row> endpoints = new TreeMap<>();
  private final Map<String, Integer> libraryErrors = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private final Row all = new Row();
  private int streams;
  private int cuts;
  private int cutsRefused;
  private int callsWhole;
  private int callsPartial;
  private int requestsWrong;

  private static final class Row {
    private int exchanges;
    private int skipped;
    private int equal;
    private int library;
    private int parseErrors;
    private int misclassified;

    void add(WireVerdict verdict) {
      exchanges++;
      switch (verdict) {
        case WireVerdict.Skipped v -> skipped++;
        case WireVerdict.Equal v -> equal++;
        case WireVerdict.LibraryError v -> library++;
        case WireVerdict.ParseError v -> parseErrors++;
        case WireVerdict.Misclassified v -> misclassified++;
      }
    }

    String line(String name) {
      return "  %-36s %10d %8d %8d %8d %8d"
          .formatted(name, exchanges, equal, skipped, library, parseErrors + misclassified);
    }
  }

  void add(WireExchange exchange, WireVerdict verdict) {
    all.add(verdict);
    endpoints.computeIfAbsent(exchange.endpoint(), name -> new Row()).add(verdict);
    switch (verdict) {
      case WireVerdict.Skipped v -> {}
      case WireVerdict.Equal v -> {}
      case WireVerdict.LibraryError v ->
          libraryErrors.merge(exchange.endpoint() + ": " + v.what(), 1, Integer::sum);
      case WireVerdict.ParseError v -> faults.add(exchange.name() + ": " + v.what());
      case WireVerdict.Misclassified v -> faults.add(exchange.name() + ": " + v.what());
    }
  }

  void add(WireCuts.Result result) {
    streams++;
    cuts += result.cuts();
    cutsRefused += result.refused();
    callsWhole += result.callsWhole();
    callsPartial += result.callsPartial();
    requestsWrong += result.requestsWrong();
  }

  void addRequestsWrong(int count) {
    requestsWrong += count;
  }

  Figures figures() {
    return new Figures()
        .put("exchanges", all.exchanges)
        .put("skipped", all.skipped)
        .put("parsed_equal", all.equal)
        .put("parse_errors", all.parseErrors)
        .put("library_errors", all.library)
        .put("misclassified", all.misclassified)
        .put("partial_tool_calls_executed", callsPartial);
  }

  /** What happened at each endpoint, and what LangChain4j itself failed at, by name. */
  List<String> table() {
    var lines = new ArrayList<String>();
    lines.add(
        "  %-36s %10s %8s %8s %8s %8s"
            .formatted("endpoint", "exchanges", "equal", "skipped", "library", "wrong"));
    endpoints.forEach((name, row) -> lines.add(row.line(name)));
    lines.add("");
    lines.add(
        "  %,d streams, cut off %,d times: %,d times no reply; %,d tool calls of whole streams"
                .formatted(streams, cuts, cutsRefused, callsWhole)
            + " executed, %,d partial ones".formatted(callsPartial));
    if (!libraryErrors.isEmpty()) {
      lines.add("");
      lines.add("  what LangChain4j itself fails at:");
    }
    libraryErrors.forEach((what, count) -> lines.add("  %5d  %s".formatted(count, what)));
    faults.stream().limit(FAULTS_SHOWN).forEach(fault -> lines.add("  ! " + fault));
    return lines;
  }

  /** The laws that were broken, in words; none where all is well. */
  List<String> brokenLaws() {
    var laws = new ArrayList<String>();
    require(laws, all.parseErrors == 0, "every reply must be read as its raw form says");
    require(laws, all.misclassified == 0, "every refusal must be known for what it is");
    require(laws, callsPartial == 0, "no tool call of a stream that broke off may be executed");
    require(laws, requestsWrong == 0, "each call must send one request");
    return laws;
  }

  private static void require(List<String> laws, boolean holds, String law) {
    if (!holds) {
      laws.add(law);
    }
  }
}
