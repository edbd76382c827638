package dev.holdfast.examples;

import dev.holdfast.examples.OutsideWorld.Letter;
import dev.holdfast.examples.OutsideWorld.Order;
import dev.holdfast.examples.OutsideWorld.Receipt;
import dev.holdfast.examples.OutsideWorld.RefundRequest;
import java.io.IOException;
import java.util.Optional;

/** The shop, the bank, the mailbox and the courier as the order desk sees them. */
interface OrderWorld {
  /** The order with that number. */
  Order order(String id) throws IOException, InterruptedException;

  /** Pays back; a repeat of the same key is answered with the first receipt. */
  Receipt refund(Optional<String> key, RefundRequest request)
      throws IOException, InterruptedException;

  /** Sends a letter and returns its number. */
  String send(Optional<String> key, Letter letter) throws IOException, InterruptedException;

  /** The number of the letter that was sent with that key, if there is one. */
  Optional<String> letter(String key) throws IOException, InterruptedException;

  /** Sends the courier to the customer of that order and returns the number of the job. */
  String pickUp(String orderId) throws IOException, InterruptedException;
}
