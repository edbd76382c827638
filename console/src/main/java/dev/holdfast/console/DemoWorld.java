package dev.holdfast.console;

import dev.holdfast.examples.OutsideWorld;
import dev.holdfast.examples.OutsideWorld.Ledger;
import dev.holdfast.examples.WorldClient;
import dev.holdfast.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One outside world of the demo: its process, its address and its stock. */
final class DemoWorld implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(20);

  private final ChildJvm process;
  private final String address;
  private final Path stock;
  private final WorldClient client;

  private DemoWorld(ChildJvm process, String address, Path stock) {
    this.process = process;
    this.address = address;
    this.stock = stock;
    this.client = new WorldClient(address);
  }

  static DemoWorld open(Path stock) {
    ChildJvm process = ChildJvm.start(OutsideWorld.class, List.of(stock.toString()));
    try {
      String address = process.awaitLine(OutsideWorld.ANNOUNCEMENT, START_MAX);
      return new DemoWorld(process, address, stock);
    } catch (RuntimeException notUp) {
      process.close();
      throw notUp;
    }
  }

  long pid() {
    return process.pid();
  }

  String address() {
    return address;
  }

  Path stock() {
    return stock;
  }

  void bankLosesNextAnswer() {
    ask(() -> {
      client.loseNextAnswer("bank");
      return true;
    });
  }

  /** What really reached this world. */
  Ledger ledger() {
    return ask(client::ledger);
  }

  private interface Question<T> {
    T ask() throws IOException, InterruptedException;
  }

  private static <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (IOException broken) {
      throw new Complaint(
          "The demo's outside world does not answer: %s. Run the demo again.".formatted(broken));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Complaint("The demo was interrupted. Run it again.");
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
