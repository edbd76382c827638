package dev.holdfast.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.store.StoreFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is known of a store, for people and for machines. */
final class FactsText {
  private static final String DURABILITY =
      "chosen by whoever executes: POWER_LOSS unless its options say otherwise";
  private static final Duration CLOCK_APART_MAX = Duration.ofSeconds(1);

  private static final long FREE_BYTES_MIN = 64 << 20;

  /** One line of a table. */
  record Row(String name, String text) {}

  private FactsText() {}

  static List<Row> rows(StoreFacts facts) {
    return switch (facts) {
      case StoreFacts.OfFile file -> rows(file);
      case StoreFacts.OfServer server -> rows(server);
    };
  }

  private static List<Row> rows(StoreFacts.OfFile file) {
    return List.of(
        new Row("store", file.path().toString()),
        new Row("size", "%,d bytes and a log of %,d".formatted(file.bytes(), file.logBytes())),
        new Row("free", "%,d bytes on its disk".formatted(file.freeBytes()) + scarce(file)),
        new Row("schema", schema(file)),
        new Row("encryption", encryption(file)),
        new Row("executed by", file.holder().orElse("nobody at the moment")),
        new Row("durability", DURABILITY));
  }

  private static List<Row> rows(StoreFacts.OfServer server) {
    var rows = new ArrayList<Row>();
    rows.add(new Row("store", server.location()));
    rows.add(new Row("server", "PostgreSQL " + server.serverVersion()));
    rows.add(new Row("schema", schema(server)));
    rows.add(new Row("encryption", encryption(server)));
    rows.add(new Row("settings", settings(server)));
    rows.add(new Row("durability", server.unsafe().orElse(DURABILITY)));
    rows.add(new Row("clock", clock(server.clockAhead())));
    rows.add(new Row("announcements", announcements(server.hearsAnnouncements())));
    rows.addAll(executors(server));
    return rows;
  }

  private static List<Row> executors(StoreFacts.OfServer server) {
    return server.workers().isEmpty()
        ? List.of(new Row("executed by", "nobody at the moment"))
        : server.workers().stream().map(each -> new Row("executed by", worker(each))).toList();
  }

  private static String scarce(StoreFacts.OfFile file) {
    return file.freeBytes() >= FREE_BYTES_MIN
        ? ""
        : ": free some space, else its runs wait until somebody does";
  }

  private static String schema(StoreFacts facts) {
    return "version %d; this command knows up to %d"
        .formatted(facts.schemaVersion(), facts.schemaVersionMax());
  }

  private static String encryption(StoreFacts facts) {
    return facts.keyId().map("under the key '%s'"::formatted).orElse("none");
  }

  private static String settings(StoreFacts.OfServer server) {
    return server.settings().entrySet().stream()
        .map(setting -> setting.getKey() + " = " + setting.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String clock(Duration ahead) {
    String text =
        "this machine's is %,d ms %s the database's"
            .formatted(ahead.abs().toMillis(), ahead.isNegative() ? "behind" : "ahead of");
    return ahead.abs().compareTo(CLOCK_APART_MAX) <= 0
        ? text
        : text + "; runs go by the database's, so only what people read here is off";
  }

  private static String announcements(boolean hears) {
    return hears
        ? "arrive"
        : "do not arrive, so workers look every second; a pooler in transaction mode is a reason";
  }

  private static String worker(StoreFacts.Worker worker) {
    return "worker %d, %s: %s, lease %s %s"
        .formatted(
            worker.number(),
            worker.name(),
            Phrases.count(Math.toIntExact(worker.runs()), "run"),
            worker.isAlive() ? "until" : "ran out at",
            Phrases.time(worker.leaseUntil()));
  }

  static void put(StoreFacts facts, ObjectNode json) {
    switch (facts) {
      case StoreFacts.OfFile file -> put(file, json);
      case StoreFacts.OfServer server -> put(server, json);
    }
    json.put("schema_version", facts.schemaVersion())
        .put("schema_version_max", facts.schemaVersionMax())
        .put("key", facts.keyId().orElse(null));
  }

  private static void put(StoreFacts.OfFile file, ObjectNode json) {
    json.put("store", file.path().toString())
        .put("bytes", file.bytes())
        .put("log_bytes", file.logBytes())
        .put("free_bytes", file.freeBytes())
        .put("executed_by", file.holder().orElse(null))
        .put("durability", DURABILITY);
  }

  private static void put(StoreFacts.OfServer server, ObjectNode json) {
    json.put("store", server.location())
        .put("server_version", server.serverVersion())
        .put("durability", server.unsafe().orElse(DURABILITY))
        .put("clock_ahead_ms", server.clockAhead().toMillis())
        .put("hears_announcements", server.hearsAnnouncements());
    server.settings().forEach(json.putObject("settings")::put);
    ArrayNode workers = json.putArray("workers");
    for (StoreFacts.Worker worker : server.workers()) {
      workers
          .addObject()
          .put("number", worker.number())
          .put("name", worker.name())
          .put("lease_until", worker.leaseUntil().toString())
          .put("is_alive", worker.isAlive())
          .put("runs", worker.runs());
    }
  }
}
