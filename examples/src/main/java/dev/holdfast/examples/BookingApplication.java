package dev.holdfast.examples;

import dev.holdfast.journal.Entry;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Handle;
import dev.holdfast.kernel.Outcome;
import dev.holdfast.kernel.Settings;
import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Options;
import dev.holdfast.testing.KillPoint;
import dev.langchain4j.model.chat.ChatModel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * The booking assistant as a program: everything is in one folder, the runs, the conversations and
 * what happened outside, so that it can be killed and started again.
 */
final class BookingApplication {
  /** What the line with the answer begins with. */
  static final String ANSWER = "answer   ";

  /** What the line with a question for a person begins with. */
  static final String QUESTION = "approve? ";

  /** What the line with the count of the outside begins with. */
  static final String OUTSIDE = "outside  ";

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final Path folder;
  private final PrintStream out;
  private final TravelBook book;
  private final FileChatMemoryStore memories;

  BookingApplication(Path folder, PrintStream out) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.out = out;
    this.book = new TravelBook(folder.resolve("outside.txt"), out);
    this.memories = new FileChatMemoryStore(folder.resolve("memory"));
  }

  /** Takes the folder and a command with its arguments; without a command it books a trip. */
  public static void main(String[] arguments) throws Exception {
    System.exit(BookingCommand.of(arguments).perform(System.out));
  }

  /** Answers a customer in a run with that id: the same id is the same run, after a kill too. */
  // snippet: booking-chat
  Outcome<String> chat(ChatModel model, String run, String customer, String message) {
    var assistant = BookingAssistants.durable(model, new TravelWorld(book), memories);
    try (var holdfast = Holdfast.open(store(), options())) {
      var assistants = holdfast.register("booking", BookingAssistant.class, assistant);
      return follow(holdfast, assistants.start(run, a -> a.chat(customer, message)));
    }
  }

  // end: booking-chat

  /** Answers a customer as LangChain4j does: a kill forgets what was done. */
  String chatPlainly(ChatModel model, String customer, String message) {
    return BookingAssistants.plain(model, new TravelWorld(book), memories).chat(customer, message);
  }

  /** Answers what a run asks, from whatever process; says how many questions there were. */
  // snippet: booking-answer
  int answer(String run, boolean granted, String who) {
    try (Client client = Holdfast.client(store())) {
      var questions = client.questions(run);
      questions.forEach(shown -> client.approve(run, shown, granted, who, "asked at the desk"));
      return questions.size();
    }
  }

  // end: booking-answer

  /** How often each thing really happened. */
  String outside() throws IOException {
    return book.count();
  }

  private Path store() {
    return folder.resolve("booking.db");
  }

  /** In a test a parent names a place at which this process stands still, to be killed there. */
  private Options options() {
    var settings = Settings.standard().faultPoints(KillPoint.ofThisProcess(out));
    return Options.standard().settings(settings);
  }

  /** Waits for the end, and shows what people are asked meanwhile. */
  private Outcome<String> follow(Holdfast holdfast, Handle<String> handle) {
    Set<String> asked = new HashSet<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    String run = handle.id().text();
    while (true) {
      Outcome<String> outcome = handle.await(LOOK_EVERY);
      if (!(outcome instanceof Outcome.Waiting<String>) || System.nanoTime() > end) {
        return outcome;
      }
      holdfast.questions(run).stream()
          .filter(question -> asked.add(question.path() + question.digest()))
          .forEach(question -> show(run, question));
    }
  }

  private void show(String run, Entry.ApprovalAsked question) {
    out.printf("%s%s%n", QUESTION, question.shown().text());
    out.printf(
        "         %s may say so from another terminal: examples/booking answer %s yes %s%n",
        String.join(" or ", question.approvers()), run, question.approvers().getFirst());
    out.println("         the run waits for that, also when this process is killed");
  }
}
