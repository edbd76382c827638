package dev.holdfast.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What really happened outside, in a file with one line each that no kill of the assistant takes
 * back; safe for many threads of one process.
 */
final class TravelBook {
  /** Where something happens. */
  enum Place {
    SEAT("B-"),
    PAYMENT("P-"),
    CONFIRMATION("C-");

    private final String prefix;

    Place(String prefix) {
      this.prefix = prefix;
    }

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One thing that happened. */
  record Entry(Place place, String number, String key, String text) {
    private static Entry read(String line) {
      String[] parts = line.split("\t", 4);
      return new Entry(Place.valueOf(parts[0]), parts[1], parts[2], parts[3]);
    }

    private String line() {
      return String.join("\t", place.name(), number, key, text) + "\n";
    }
  }

  private final Path file;
  private final PrintStream out;

  /** A book in that file, which tells on that stream what happens. */
  TravelBook(Path file, PrintStream out) {
    this.file = file;
    this.out = out;
  }

  /** Does it and writes it down, or finds by the key that it was done before. */
  synchronized Entry once(Place place, String key, String text) throws IOException {
    Optional<Entry> before = find(place, key);
    if (before.isPresent()) {
      tell(before.get(), "was done before, nothing is repeated");
      return before.get();
    }
    var entry = new Entry(place, place.prefix + (entries(place).size() + 1), key, text);
    Files.writeString(file, entry.line(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    tell(entry, text);
    return entry;
  }

  private void tell(Entry entry, String what) {
    out.printf("  outside  %-13s%-5s %s%n", entry.place.label(), entry.number, what);
  }

  synchronized Optional<Entry> find(Place place, String key) throws IOException {
    return entries(place).stream().filter(entry -> entry.key.equals(key)).findFirst();
  }

  synchronized List<Entry> entries(Place place) throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    return lines.stream().map(Entry::read).filter(entry -> entry.place == place).toList();
  }

  /** How often each thing happened. */
  String count() throws IOException {
    return "%d seat(s) held, %d payment(s), %d confirmation(s)"
        .formatted(
            entries(Place.SEAT).size(),
            entries(Place.PAYMENT).size(),
            entries(Place.CONFIRMATION).size());
  }
}
