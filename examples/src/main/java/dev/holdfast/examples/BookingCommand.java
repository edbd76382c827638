package dev.holdfast.examples;

import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.RunException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What somebody typed behind the name of the booking assistant. */
final class BookingCommand {
  private static final int EXIT_WRONG = 2;
  private static final int EXIT_NOT_ENDED = 3;
  private static final String USAGE =
      """
      booking                                     books a trip to Rome for ada, in run trip-1
      booking chat RUN CUSTOMER MESSAGE [MODEL]   the same RUN is the same run, after a kill too
      booking answer RUN yes|no WHO               answers what a run asks; from another terminal
      booking plain CUSTOMER MESSAGE [MODEL]      the assistant before it was made durable
      MODEL is script, or a name such as gpt-4o-mini whose key is in the environment.\
      """;

  private final Path folder;
  private final List<String> words;

  private BookingCommand(Path folder, List<String> words) {
    this.folder = folder;
    this.words = words;
  }

  /** Takes the folder and the words of the command. */
  static BookingCommand of(String... arguments) {
    List<String> words = Arrays.asList(arguments).subList(1, arguments.length);
    return new BookingCommand(
        Path.of(arguments[0]),
        words.isEmpty()
            ? List.of("chat", "trip-1", "ada", "Book me a flight from Berlin to Rome.")
            : words);
  }

  /** Does it and returns the exit code; what a run refuses is said in its own words. */
  int perform(PrintStream out) throws Exception {
    try {
      return dispatch(out);
    } catch (RunException refused) {
      out.println(refused.getMessage());
      return EXIT_WRONG;
    }
  }

  private int dispatch(PrintStream out) throws Exception {
    var application = new BookingApplication(folder, out);
    return switch (words.getFirst() + " " + (words.size() - 1)) {
      case "chat 3", "chat 4" -> chat(application, out);
      case "plain 2", "plain 3" -> plain(application, out);
      case "answer 3" -> answer(application, out);
      default -> {
        out.println(USAGE);
        yield EXIT_WRONG;
      }
    };
  }

  private int chat(BookingApplication application, PrintStream out) throws Exception {
    String model = model(4);
    out.printf("run      %s in %s, model %s%n", words.get(1), folder, model);
    out.printf("%-8s %s%n", words.get(2), words.get(3));
    Outcome<String> outcome =
        application.chat(BookingModels.named(model), words.get(1), words.get(2), words.get(3));
    out.println(BookingApplication.ANSWER + told(outcome));
    out.println(BookingApplication.OUTSIDE + application.outside());
    return outcome instanceof Outcome.Completed<String> ? 0 : EXIT_NOT_ENDED;
  }

  private static String told(Outcome<String> outcome) {
    return outcome instanceof Outcome.Completed<String> completed
        ? completed.result()
        : outcome.toString();
  }

  private int plain(BookingApplication application, PrintStream out) throws Exception {
    String model = model(3);
    out.printf("no run   in %s, model %s%n", folder, model);
    String answer = application.chatPlainly(BookingModels.named(model), words.get(1), words.get(2));
    out.println(BookingApplication.ANSWER + answer);
    out.println(BookingApplication.OUTSIDE + application.outside());
    return 0;
  }

  private int answer(BookingApplication application, PrintStream out) {
    boolean granted = words.get(2).equals("yes");
    int answered = application.answer(words.get(1), granted, words.get(3));
    out.printf("answered %d question(s) of %s%n", answered, words.get(1));
    return answered > 0 ? 0 : EXIT_NOT_ENDED;
  }

  private String model(int place) {
    return words.size() > place ? words.get(place) : BookingModels.suggested(System.getenv());
  }
}
