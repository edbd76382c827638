package dev.holdfast.examples;

import dev.holdfast.agents.HostedModel;
import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Settings;
import dev.holdfast.kernel.spi.Boundary;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.testing.ChildJvm;
import dev.holdfast.testing.KillPoint;
import dev.langchain4j.model.chat.ChatModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import javax.sql.DataSource;

/**
 * The order desk as a process of its own, made to be killed: it starts the run of one order, or
 * goes on with it, and prints how that ended.
 */
public final class OrderDeskProcess {
  /** What the line with the outcome begins with. */
  public static final String ANNOUNCEMENT = "outcome ";

  /** The exit code where the run stands in doubt. */
  public static final int EXIT_IN_DOUBT = 3;

  private static final int EXIT_OTHER = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private OrderDeskProcess() {}

  /** The run of that order. */
  public static String runOf(String orderId) {
    return "order-" + orderId;
  }

  /**
   * Takes the store, the world's address, the stock database and the order, and for a real model
   * its name and base URL (the key comes from the environment).
   */
  public static void main(String[] arguments) throws Exception {
    ChildJvm.endWithParent();
    String order = arguments[3];
    var world = new WorldClient(arguments[1]);
    world.ledger(); // opens the connection, so that no effect's timeout has to pay for that
    var agent = OrderDesk.agent(model(arguments, order), world, Path.of(arguments[2]));
    var settings = Settings.standard().faultPoints(KillPoint.ofThisProcess(System.out));
    try (var holdfast =
        Holdfast.open(Path.of(arguments[0]), Options.standard().settings(settings))) {
      holdfast.register(agent);
      Outcome<String> outcome =
          holdfast.start(agent, runOf(order), OrderDesk.complaint(order)).await(PATIENCE);
      System.out.println(ANNOUNCEMENT + outcome);
      System.exit(exitCode(outcome));
    }
  }

  private static ChatModel model(String[] arguments, String order) {
    if (arguments.length < 6) {
      return OrderDesk.script(order);
    }
    HostedModel model = HostedModel.openAi(arguments[4]);
    return (arguments[5].isEmpty() ? model : model.baseUrl(arguments[5])).build();
  }

  private static int exitCode(Outcome<String> outcome) {
    return switch (outcome) {
      case Outcome.Completed<String> completed -> 0;
      case Outcome.InDoubt<String> doubt -> EXIT_IN_DOUBT;
      case Outcome.Truncated<String> truncated -> EXIT_OTHER;
      case Outcome.Compensated<String> undone -> EXIT_OTHER;
      case Outcome.Failed<String> failed -> EXIT_OTHER;
      case Outcome.Cancelled<String> cancelled -> EXIT_OTHER;
      case Outcome.Waiting<String> waiting -> EXIT_OTHER;
      case Outcome.Quarantined<String> quarantined -> EXIT_OTHER;
    };
  }

  /** The process of the same agent as most are written; see {@link NaiveDesk}. */
  public static final class Naive {
    private Naive() {}

    /** Takes the world's address, the stock database and the order. */
    public static void main(String[] arguments) throws Exception {
      ChildJvm.endWithParent();
      var faultPoints = KillPoint.ofThisProcess(System.out);
      var run = new RunId("naive-" + arguments[2]);
      var calls =
          new Scenario.Calls() {
            @Override
            public <T> T call(String name, Callable<T> call) throws Exception {
              T answer = call.call();
              if (!name.equals(NaiveDesk.CHAT)) {
                faultPoints.reached(Boundary.AFTER_CALL, run, StepPath.ROOT.child("tool", name, 0));
              }
              return answer;
            }
          };
      DataSource stock = Stock.source(Path.of(arguments[1]));
      var desk = new NaiveDesk(new WorldClient(arguments[0]), stock, calls);
      desk.settle(OrderDesk.script(arguments[2]), arguments[2]);
      System.exit(0);
    }
  }
}
