package dev.holdfast.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code bench/run}: workloads that end with one JSON line of figures.
 *
 * <p>Exit codes: 0 the laws held, 1 one did not or the workload failed, 2 not understood.
 */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    description = "Workloads and measurements; the last line of output is one JSON object.",
    subcommands = HelpCommand.class)
public final class Main implements Runnable {
  static final int EXIT_LAW_BROKEN = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Shell.ofThisProcess(), arguments));
  }

  static int run(Shell shell, String... arguments) {
    return new CommandLine(new Main())
        .addSubcommand(new RetailCommand(shell))
        .addSubcommand(new StepsCommand(shell))
        .addSubcommand(new OverheadCommand(shell))
        .addSubcommand(new AdoptionCommand(shell))
        .addSubcommand(new WireCommand(shell))
        .addSubcommand(new PeersCommand(shell))
        .addSubcommand(new FailoverCommand(shell))
        .addSubcommand(new SimulateCommand(shell))
        .addSubcommand(new GauntletCommand(shell))
        .addSubcommand(new ToolTalkCommand(shell))
        .addSubcommand(new MutantsCommand(shell))
        .addSubcommand(new RecoveryCommand(shell))
        .addSubcommand(new IdleCommand(shell))
        .addSubcommand(new GrowthCommand(shell))
        .addSubcommand(new OpenCommand(shell))
        .addSubcommand(new SealCommand(shell))
        .addSubcommand(new EffectsCommand(shell))
        .addSubcommand(new JmhCommand(shell))
        .setErr(new java.io.PrintWriter(shell.err(), true, java.nio.charset.StandardCharsets.UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler((failure, given) -> misunderstood(shell, failure))
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(shell, failure))
        .execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "No workload was named.");
  }

  private static int misunderstood(Shell shell, ParameterException failure) {
    shell.say("bench/run: " + failure.getMessage());
    String name = failure.getCommandLine().getCommandSpec().qualifiedName();
    shell.say("Try `" + name + " --help`.");
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Shell shell, Exception failure) {
    if (failure instanceof IllegalArgumentException) {
      shell.say("bench/run: " + failure.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    shell.say("bench/run: the workload failed.");
    failure.printStackTrace(shell.err());
    return EXIT_LAW_BROKEN;
  }
}
