package dev.holdfast.examples;

import dev.holdfast.examples.TravelBook.Entry;
import dev.holdfast.examples.TravelBook.Place;
import dev.holdfast.kernel.KnownFailure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * An airline, a card company and a mailbox, which know what they have done by the key that it was
 * asked for with; safe for many threads of one process.
 */
final class TravelWorld {
  private static final List<Flight> FLIGHTS =
      List.of(
          new Flight("HF10", "Berlin", "Rome", "08:00", 42_000),
          new Flight("HF12", "Berlin", "Rome", "12:30", 38_000),
          new Flight("HF20", "Berlin", "Hamburg", "09:15", 8_900));

  private final TravelBook book;

  TravelWorld(TravelBook book) {
    this.book = book;
  }

  /** A flight that is on sale; the price in cents. */
  record Flight(String number, String from, String to, String departs, long cents) {}

  /** A seat that is held until it is paid for. */
  record Booking(String bookingId, Flight flight) {}

  List<Flight> flights(String from, String to) {
    return FLIGHTS.stream()
        .filter(flight -> flight.from.equalsIgnoreCase(from) && flight.to.equalsIgnoreCase(to))
        .toList();
  }

  List<String> hotels(String city) {
    return List.of("Grand " + city + ", rooms from 120.00", "Station Inn, rooms from 70.00");
  }

  Booking hold(String number, String customer, String key) throws IOException {
    Flight flight =
        FLIGHTS.stream()
            .filter(each -> each.number.equals(number))
            .findFirst()
            .orElseThrow(() -> rejected("There is no flight " + number + "."));
    return new Booking(book.once(Place.SEAT, key, number + " for " + customer).number(), flight);
  }

  String charge(String bookingId, long cents, String key) throws IOException {
    Flight flight = booked(bookingId);
    if (cents != flight.cents) {
      throw rejected("Booking %s costs %d cents.".formatted(bookingId, flight.cents));
    }
    String text = "%s, %d.%02d".formatted(bookingId, cents / 100, cents % 100);
    return "paid, receipt " + book.once(Place.PAYMENT, key, text).number();
  }

  String confirm(String bookingId, String key) throws IOException {
    String flight = booked(bookingId).number;
    return book.once(Place.CONFIRMATION, key, bookingId + " on " + flight).number();
  }

  /** The number of the confirmation that was sent with that key. */
  Optional<String> confirmation(String key) throws IOException {
    return book.find(Place.CONFIRMATION, key).map(Entry::number);
  }

  private Flight booked(String bookingId) throws IOException {
    return book.entries(Place.SEAT).stream()
        .filter(seat -> seat.number().equals(bookingId))
        .flatMap(seat -> FLIGHTS.stream().filter(each -> seat.text().startsWith(each.number)))
        .findFirst()
        .orElseThrow(() -> rejected("There is no booking " + bookingId + "."));
  }

  private static KnownFailure rejected(String why) {
    return KnownFailure.rejected("refused", why);
  }
}
