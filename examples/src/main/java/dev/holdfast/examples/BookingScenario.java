package dev.holdfast.examples;

import dev.holdfast.gauntlet.FaultyModel;
import dev.holdfast.gauntlet.Scenario;
import dev.holdfast.journal.Entry;
import dev.holdfast.journal.RunId;
import dev.holdfast.journal.RunState;
import dev.holdfast.journal.Status;
import dev.holdfast.kernel.Client;
import dev.holdfast.kernel.Engine;
import dev.holdfast.kernel.Workflow;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.tool.DefaultToolExecutor;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import dev.langchain4j.store.memory.chat.InMemoryChatMemoryStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The booking assistant: it holds a seat, pays after an approval, and confirms, each once. */
public final class BookingScenario implements Scenario<BookingScenario.Travel> {
  private static final String RUN = "trip-1";
  private static final String QUESTION = "Book me a flight from Berlin to Rome.";

  /** An airline, a card company and a mailbox; closed once its play is judged. */
  public static final class Travel implements AutoCloseable {
    private final Path file;
    private final TravelBook book;
    private final ChatMemoryStore memories = new InMemoryChatMemoryStore();

    Travel() {
      try {
        file = Files.createTempFile("holdfast-travel", ".txt");
      } catch (IOException e) {
        throw new UncheckedIOException("The book of what happened cannot be made.", e);
      }
      book = new TravelBook(file, new PrintStream(OutputStream.nullOutputStream()));
    }

    private List<TravelBook.Entry> entries(TravelBook.Place place) {
      try {
        return book.entries(place);
      } catch (IOException e) {
        throw new UncheckedIOException("The book of what happened cannot be read.", e);
      }
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public Travel world() {
    return new Travel();
  }

  @Override
  public void begin(Engine engine, Travel travel) {
    var model = FaultyModel.of(BookingScript.model());
    var assistant = BookingAssistants.durable(model, new TravelWorld(travel.book), travel.memories);
    var booking =
        Workflow.of("booking", String.class, String.class)
            .body((run, question) -> assistant.chat("ada", question));
    engine.register(booking);
    engine.start(booking, RUN, QUESTION);
  }

  @Override
  public void attend(Client client, Travel travel, RunState run) {
    for (Entry.ApprovalAsked question : client.questions(RUN)) {
      client.approve(RUN, question, true, "boss", "a good price");
    }
  }

  @Override
  public void check(Travel travel, Map<RunId, Status> ended) {
    for (TravelBook.Place place : TravelBook.Place.values()) {
      Times.atMostOnce(place.name().toLowerCase(Locale.ROOT), travel.entries(place));
    }
  }

  /** The assistant as LangChain4j makes it, asked again after each death of its process. */
  @Override
  public Optional<Plain<Travel>> plain() {
    return Optional.of((travel, calls) ->
        BookingAssistants.plain(
                new PlainModel(FaultyModel.of(BookingScript.model()), calls),
                plainTools(new PlainBookingTools(new TravelWorld(travel.book)), calls),
                travel.memories)
            .chat("ada", QUESTION));
  }

  private static Map<ToolSpecification, ToolExecutor> plainTools(Object tools, Calls calls) {
    var executors = new LinkedHashMap<ToolSpecification, ToolExecutor>();
    for (Method method : tools.getClass().getDeclaredMethods()) {
      if (method.isAnnotationPresent(Tool.class)) {
        method.setAccessible(true);
        var real =
            DefaultToolExecutor.builder()
                .object(tools)
                .originalMethod(method)
                .methodToInvoke(method)
                .propagateToolExecutionExceptions(true)
                .build();
        executors.put(
            ToolSpecifications.toolSpecificationFrom(method),
            (request, memory) ->
                PlainModel.called(calls, request.name(), () -> real.execute(request, memory)));
      }
    }
    return executors;
  }

  /** A model that is asked through the calls of a plain agent. */
  private record PlainModel(ChatModel real, Calls calls) implements ChatModel {
    @Override
    public ChatResponse doChat(ChatRequest request) {
      return called(calls, "chat", () -> real.doChat(request));
    }

    static <T> T called(Calls calls, String name, Callable<T> call) {
      try {
        return calls.call(name, call);
      } catch (RuntimeException failed) {
        throw failed;
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
    }
  }
}
