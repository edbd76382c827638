package dev.holdfast.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plays recorded exchanges with providers to their clients, and cuts each stream everywhere. */
@Command(
    name = "wire",
    mixinStandardHelpOptions = true,
    description =
        "Plays every recorded HTTP exchange with a model's provider from a server on this machine.")
final class WireCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--cases",
      required = true,
      paramLabel = "DIR",
      description = "the folder of the recordings: " + WireCases.FILE)
  private Path cases = Path.of("");

  WireCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    List<WireExchange> exchanges = WireCases.read(cases);
    var tally = new WireTally();
    try (WireServer server = WireServer.start()) {
      judge(server, exchanges, tally);
      cut(server, exchanges, tally);
    }
    tally.table().forEach(shell::say);
    List<String> broken = tally.brokenLaws();
    broken.forEach(law -> shell.say("Law broken: " + law + "."));
    shell.out().println(tally.figures().json());
    return broken.isEmpty() ? 0 : Main.EXIT_LAW_BROKEN;
  }

  private void judge(WireServer server, List<WireExchange> exchanges, WireTally tally) {
    var judge = new WireJudge(server, WireProtocol::hosted);
    try (Progress progress = shell.progress("exchanges", exchanges.size())) {
      for (WireExchange exchange : exchanges) {
        tally.add(exchange, judge.judge(exchange));
        progress.step();
      }
    }
    tally.addRequestsWrong(judge.requestsWrong());
  }

  private void cut(WireServer server, List<WireExchange> exchanges, WireTally tally) {
    List<WireExchange> streams =
        exchanges.stream()
            .filter(each -> each.isStream() && each.status() == 200)
            .filter(each -> each.protocol().isPresent())
            .toList();
    try (Progress progress = shell.progress("streams", streams.size())) {
      for (WireExchange stream : streams) {
        tally.add(
            WireCuts.play(server, stream, stream.protocol().orElseThrow(), WireProtocol::hosted));
        progress.step();
      }
    }
  }
}
