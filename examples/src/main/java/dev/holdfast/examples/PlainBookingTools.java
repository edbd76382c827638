package dev.holdfast.examples;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolMemoryId;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** The booking assistant's tools before: nothing says what a repeat would do. */
final class PlainBookingTools {
  private final TravelWorld world;

  PlainBookingTools(TravelWorld world) {
    this.world = world;
  }

  @Tool("Searches flights between two cities, the earliest first; prices in cents.")
  List<TravelWorld.Flight> searchFlights(String from, String to) {
    return world.flights(from, to);
  }

  @Tool("Tells which hotels in a city have rooms.")
  List<String> hotelRooms(String city) {
    return world.hotels(city);
  }

  @Tool("Holds a seat on a flight.")
  TravelWorld.Booking holdSeat(String flight, @ToolMemoryId String customer) throws IOException {
    return world.hold(flight, customer, freshKey());
  }

  @Tool("Charges the customer's card for a booking, in cents.")
  String payByCard(String bookingId, long cents) throws IOException {
    return world.charge(bookingId, cents, freshKey());
  }

  @Tool("Sends the customer the confirmation of a booking.")
  String sendConfirmation(String bookingId) throws IOException {
    return world.confirm(bookingId, freshKey());
  }

  /** Without a run there is no key that a second try could know. */
  private static String freshKey() {
    return UUID.randomUUID().toString();
  }
}
