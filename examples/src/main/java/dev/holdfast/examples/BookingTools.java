package dev.holdfast.examples;

import dev.holdfast.agents.ApprovalRule;
import dev.holdfast.agents.Effect;
import dev.holdfast.journal.Contract;
import dev.holdfast.journal.IdempotencyKey;
import dev.holdfast.journal.Intent;
import dev.holdfast.kernel.Effect.Answer;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolMemoryId;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the booking assistant can do, and what a repeat of each would do. */
final class BookingTools {
  private final TravelWorld world;

  BookingTools(TravelWorld world) {
    this.world = world;
  }

  @Effect(Contract.READ)
  @Tool("Searches flights between two cities, the earliest first; prices in cents.")
  List<TravelWorld.Flight> searchFlights(String from, String to) {
    return world.flights(from, to);
  }

  @Effect(Contract.READ)
  @Tool("Tells which hotels in a city have rooms.")
  List<String> hotelRooms(String city) {
    return world.hotels(city);
  }

  @Effect(value = Contract.KEYED, oncePer = Intent.Scope.RUN, intent = "seat:{flight}")
  @Tool("Holds a seat on a flight.")
  TravelWorld.Booking holdSeat(String flight, @ToolMemoryId String customer, IdempotencyKey key)
      throws IOException {
    return world.hold(flight, customer, key.text());
  }

  // snippet: booking-payment
  @Effect(
      value = Contract.KEYED,
      oncePer = Intent.Scope.GLOBAL, // once for each booking, in whatever run it is asked for
      intent = "payment:{bookingId}",
      approve = Large.class,
      approvers = {"boss", "deputy"},
      approveWithin = "2d")
  @Tool("Charges the customer's card for a booking, in cents.")
  String payByCard(String bookingId, long cents, IdempotencyKey key) throws IOException {
    return world.charge(bookingId, cents, key.text());
  }

  // end: booking-payment

  /** This mailbox is a file: nothing queues, so what is not there when time is up never comes. */
  @Effect(
      value = Contract.VERIFIED,
      oncePer = Intent.Scope.RUN,
      intent = "confirmation:{bookingId}",
      probe = "isConfirmed",
      timeout = "2s",
      settleAfter = "2500ms")
  @Tool("Sends the customer the confirmation of a booking.")
  String sendConfirmation(String bookingId, IdempotencyKey key) throws IOException {
    return world.confirm(bookingId, key.text());
  }

  Answer<String> isConfirmed(IdempotencyKey key) throws IOException {
    return world
        .confirmation(key.text())
        .<Answer<String>>map(Answer.Happened::new)
        .orElseGet(Answer.DidNotHappen::new);
  }

  /** Above 300.00 somebody has to agree. */
  static final class Large implements ApprovalRule {
    @Override
    public boolean needsApproval(Map<String, Object> arguments) {
      return !(arguments.get("cents") instanceof Number cents) || cents.longValue() > 30_000;
    }
  }
}
