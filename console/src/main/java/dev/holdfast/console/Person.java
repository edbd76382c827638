package dev.holdfast.console;

import java.io.Console;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Whoever sits at the terminal, if anybody does. */
@FunctionalInterface
interface Person {
  /** Nobody: scripts, pipes and builds. */
  Person NOBODY = question -> Optional.empty();

  /** How long a person may think. */
  Duration PATIENCE = Duration.ofMinutes(2);

  /** The answer to a question, without blanks around it; empty where nobody answers in time. */
  Optional<String> answer(String question);

  /** The person at this process's terminal, who is asked only where both ends are one. */
  static Person atThisTerminal() {
    return Terminal.console()
        .<Person>map(console -> question -> ask(console, question))
        .orElse(NOBODY);
  }

  private static Optional<String> ask(Console console, String question) {
    var answer = new CompletableFuture<Optional<String>>();
    Thread.ofPlatform()
        .daemon()
        .name("question")
        .start(() -> answer.complete(strip(console.readLine("%s", question))));
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException silent) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<String> strip(@Nullable String line) {
    return Optional.ofNullable(line).map(String::strip);
  }
}
