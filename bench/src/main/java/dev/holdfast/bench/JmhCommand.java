package dev.holdfast.bench;

import java.util.Collection;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;

/** Measures the hot paths with JMH, each in a process of its own. */
@Command(
    name = "jmh",
    mixinStandardHelpOptions = true,
    description = "Measures what every step pays without a disk, in microseconds.")
final class JmhCommand implements Callable<Integer> {
  private final Shell shell;

  JmhCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    Options options =
        new OptionsBuilder()
            .include(HotPaths.class.getName() + "\\..*")
            .shouldFailOnError(true)
            .build();
    OutputFormat progress =
        OutputFormatFactory.createFormatInstance(shell.err(), VerboseMode.NORMAL);
    Collection<RunResult> results = new Runner(options, progress).run();
    var figures = new Figures();
    for (RunResult result : results) {
      figures.put(nameOf(result), result.getPrimaryResult().getScore());
    }
    shell.out().println(figures.json());
    return results.isEmpty() ? Main.EXIT_LAW_BROKEN : 0;
  }

  /** Such as {@code canonical_form_us}. */
  private static String nameOf(RunResult result) {
    String label = result.getPrimaryResult().getLabel();
    return label.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT) + "_us";
  }
}
