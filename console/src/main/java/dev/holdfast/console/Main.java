package dev.holdfast.console;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code holdfast}.
 *
 * <p>Exit codes: 0 done, 1 refused or failed with one message on standard error, 2 not understood.
 */
@Command(
    name = "holdfast",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Durable runs for AI agents: look at them, help them, watch them survive.",
    subcommands = HelpCommand.class)
public final class Main implements Runnable {
  private static final int EXIT_FAILED = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Shell.ofThisProcess(), arguments));
  }

  /** The version in the manifest of this class's jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"holdfast " + (version == null ? "without a version" : version)};
    }
  }

  static int run(Shell shell, String... arguments) {
    var line =
        new CommandLine(new Main())
            .addSubcommand(new DemoCommand(shell))
            .addSubcommand(new GauntletCommand(shell))
            .addSubcommand(new RunsCommand(shell))
            .addSubcommand(new ShowCommand(shell))
            .addSubcommand(new ExportCommand(shell))
            .addSubcommand(new ReplayCheckCommand(shell))
            .addSubcommand(new InboxCommand(shell))
            .addSubcommand(new ApproveCommand(shell))
            .addSubcommand(new SignalCommand(shell))
            .addSubcommand(new CancelCommand(shell))
            .addSubcommand(new ResolveCommand(shell))
            .addSubcommand(new ResumeCommand(shell))
            .addSubcommand(new ForkCommand(shell))
            .addSubcommand(new EraseCommand(shell))
            .addSubcommand(new ArchiveCommand(shell))
            .addSubcommand(new PurgeCommand(shell))
            .addSubcommand(new ImportCommand(shell))
            .addSubcommand(new KeysCommand(shell))
            .addSubcommand(new DoctorCommand(shell))
            .addSubcommand(new WorkerCommand(shell));
    return line.setOut(shell.terminal().out())
        .setErr(shell.terminal().err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler((failure, given) -> misunderstood(shell, failure))
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(shell, failure, parsed))
        .execute(arguments);
  }

  /** Without a command, the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int misunderstood(Shell shell, ParameterException failure) {
    var err = shell.terminal().err();
    err.println(shell.terminal().paint().bad("holdfast: ") + misunderstanding(failure));
    if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
      err.println(
          "Try `" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help`.");
    }
    return CommandLine.ExitCode.USAGE;
  }

  private static String misunderstanding(ParameterException failure) {
    boolean isUnknownCommand =
        failure instanceof UnmatchedArgumentException
            && failure.getCommandLine().getParent() == null;
    return isUnknownCommand
        ? "There is no command '%s'."
            .formatted(((UnmatchedArgumentException) failure).getUnmatched().getFirst())
        : String.valueOf(failure.getMessage());
  }

  private static int failed(Shell shell, Exception failure, ParseResult parsed) {
    String message = message(failure);
    shell.terminal().err().println(shell.terminal().paint().bad("holdfast: ") + message);
    if (isJson(parsed)) {
      shell.terminal().line(Json.object().put("error", message).toString());
    }
    return EXIT_FAILED;
  }

  private static boolean isJson(ParseResult parsed) {
    return parsed.hasSubcommand() && parsed.subcommand().hasMatchedOption("--json");
  }

  /** Messages of the store, the kernel and the commands are whole; others need their type. */
  private static String message(Exception failure) {
    String message = failure.getMessage();
    boolean isWhole =
        failure instanceof Complaint
            || failure instanceof IllegalArgumentException
            || failure.getClass().getName().startsWith("dev.holdfast.");
    return isWhole && message != null
        ? message
        : "Something unexpected happened: %s: %s"
            .formatted(failure.getClass().getSimpleName(), message);
  }
}
