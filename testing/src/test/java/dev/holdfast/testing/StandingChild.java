package dev.holdfast.testing;

import dev.holdfast.journal.RunId;
import dev.holdfast.journal.StepPath;
import dev.holdfast.kernel.spi.Boundary;

/** A child process that passes the same boundary three times and then ends with code 7. */
final class StandingChild {
  private StandingChild() {}

  public static void main(String[] arguments) {
    var faultPoints = KillPoint.ofThisProcess(System.out);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("orderly end")));
    for (int visit = 1; visit <= 3; visit++) {
      System.out.println("visit " + visit + " of " + String.join(" ", arguments));
      var path = StepPath.ROOT.child("effect", "pay-back", 0);
      faultPoints.reached(Boundary.BEFORE_CALL, new RunId("r"), path);
      faultPoints.reached(Boundary.AFTER_CALL, new RunId("r"), path);
    }
    System.exit(7);
  }
}
