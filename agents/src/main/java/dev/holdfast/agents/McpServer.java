package dev.holdfast.agents;

import dev.holdfast.journal.Contract;
import dev.langchain4j.mcp.client.McpMetaSupplier;
import dev.langchain4j.mcp.client.transport.McpTransport;
import dev.langchain4j.mcp.client.transport.http.StreamableHttpMcpTransport;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An MCP server whose tools an {@link Agent} may call, each under an effect contract; safe for many
 * agents and threads.
 *
 * <p>It is started when the first agent is built, and again when a call finds it gone. Nothing that
 * it says is believed without bounds, and its annotations only where it is trusted. Each turn of a
 * conversation journals the tools that it has: a tool that the server changes meanwhile is not
 * called before the model has seen the change. Needs {@code dev.langchain4j:langchain4j-mcp}.
 */
public final class McpServer implements AutoCloseable {
  /** The field of {@code _meta} that holds the idempotency key by default. */
  public static final String KEY_FIELD = "dev.holdfast/idempotency-key";

  private final McpSource source;

  private McpServer(McpSettings settings) {
    this.source = new McpSource(settings);
  }

  /**
   * Begins a server.
   *
   * @param name 1 to 64 letters, digits, {@code _}, {@code -} or {@code .}; unique within an agent
   *     and kept for as long as runs that know it
   */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /**
   * For LangChain4j clients of your own: what puts the idempotency key of a call into the request's
   * {@code _meta}; give it to {@code DefaultMcpClient.Builder.metaSupplier(…)}.
   */
  public static McpMetaSupplier keysInMeta() {
    return McpExchange::metaOf;
  }

  McpSource source() {
    return source;
  }

  /**
   * Ends the session, and the process where it is one. Close it after the Holdfast that uses it;
   * runs that call meanwhile wait for half a minute.
   */
  @Override
  public void close() {
    source.close();
  }

  /** How a server is reached and how far it is believed; not safe for use by several threads. */
  public static final class Builder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private final String name;
    private Optional<Supplier<? extends McpTransport>> transport = Optional.empty();
    private String prefix = "";
    private Contracts contracts = Contracts.NONE;
    private boolean trusted;
    private List<Pattern> only = List.of();
    private Duration timeout = Duration.ofSeconds(60);
    private Duration startTimeout = Duration.ofSeconds(30);
    private String keyField = KEY_FIELD;
    private Optional<Duration> keysValidFor = Optional.empty();
    private int attemptsMax;
    private int resultCharactersMax = 1 << 20;
    private boolean lazy;

    private Builder(String name) {
      this.name = name;
    }

    /**
     * The server is a child process with this command, spoken to over its standard input and
     * output. Of this process's environment it gets the path, home, locale and temporary directory.
     */
    public Builder process(String... command) {
      return process(List.of(command), Map.of());
    }

    /** The same with more in its environment. */
    public Builder process(List<String> command, Map<String, String> environment) {
      if (command.isEmpty()) {
        throw new IllegalArgumentException(
            "The command of MCP server '%s' is empty.".formatted(name));
      }
      return transport(() -> new McpProcess(command, environment));
    }

    /** The server is reached over streamable HTTP. */
    public Builder http(URI url) {
      return transport(() -> StreamableHttpMcpTransport.builder().url(url.toString()).build());
    }

    /** The server is reached by a transport of LangChain4j; a fresh one for each session. */
    public Builder transport(Supplier<? extends McpTransport> changed) {
      transport = Optional.of(changed);
      return this;
    }

    /** What a repeat of a tool does, by the server's own tool names; goes before annotations. */
    public Builder contracts(Contracts changed) {
      contracts = changed;
      return this;
    }

    /**
     * Believes the server's annotations: {@code readOnlyHint} is a read, {@code idempotentHint}
     * idempotent, all else once. Default not.
     */
    public Builder trustAnnotations() {
      trusted = true;
      return this;
    }

    /** The server's tools that there are, as names in which {@code *} stands for anything. */
    public Builder only(String... patterns) {
      only = Stream.of(patterns).map(Contracts::pattern).toList();
      return this;
    }

    /** What the model sees before each tool's name; default nothing. */
    public Builder prefix(String changed) {
      prefix = changed;
      return this;
    }

    /** How long the server may take to answer a call, up to 11 hours; default 60 s. */
    public Builder timeout(Duration changed) {
      timeout = changed;
      return this;
    }

    /** How long the server may take to start, up to 10 minutes; default 30 s. */
    public Builder startTimeout(Duration changed) {
      startTimeout = changed;
      return this;
    }

    /**
     * The field of {@code _meta} where the server looks for the key; default {@link #KEY_FIELD}.
     */
    public Builder keyField(String changed) {
      keyField = changed;
      return this;
    }

    /** How long the server remembers a key; default for ever. */
    public Builder keysValidFor(Duration changed) {
      keysValidFor = Optional.of(changed);
      return this;
    }

    /** How many attempts a call has at most, 1 to 1,000; default 5. */
    public Builder attemptsMax(int changed) {
      attemptsMax = changed;
      return this;
    }

    /** How much of a result is kept, 100 to 16 Mi characters; default 1 Mi. */
    public Builder resultCharactersMax(int changed) {
      resultCharactersMax = changed;
      return this;
    }

    /**
     * Agents are built without asking the server. A turn then waits until it is there, and its
     * tools that declare no contract are withheld from the model.
     */
    public Builder connectLazily() {
      lazy = true;
      return this;
    }

    /**
     * Makes the server, without reaching for it yet.
     *
     * @throws IllegalArgumentException where a setting breaks its bounds
     * @throws IllegalStateException where nothing says how it is reached
     */
    public McpServer build() {
      check();
      var way =
          transport.orElseThrow(() ->
              new IllegalStateException(
                  "Nothing says how MCP server '%s' is reached. Call process(…) or http(…)."
                      .formatted(name)));
      return new McpServer(
          new McpSettings(
              name,
              prefix,
              way,
              contracts,
              trusted,
              only,
              timeout,
              startTimeout,
              keyField,
              keysValidFor,
              attemptsMax,
              resultCharactersMax,
              lazy));
    }

    private void check() {
      require(NAME.matcher(name).matches(), "name", "1 to 64 letters, digits, _, - or .", name);
      require(prefix.isEmpty() || NAME.matcher(prefix).matches(), "prefix", "as a name is", prefix);
      within("timeout", timeout, Duration.ofHours(11));
      within("startTimeout", startTimeout, Duration.ofMinutes(10));
      require(!keyField.isBlank(), "keyField", "not blank", keyField);
      require(attemptsMax >= 0 && attemptsMax <= 1_000, "attemptsMax", "1 to 1,000", attemptsMax);
      require(
          resultCharactersMax >= 100 && resultCharactersMax <= 16 << 20,
          "resultCharactersMax",
          "100 to 16,777,216",
          resultCharactersMax);
      for (Contract each : contracts.named()) {
        require(isPossible(each), "contract", "READ, IDEMPOTENT, KEYED or ONCE", each);
      }
    }

    /** The others need a connection or a probe, which no server takes or has. */
    private static boolean isPossible(Contract contract) {
      return switch (contract) {
        case READ, IDEMPOTENT, KEYED, ONCE -> true;
        case TRANSACTIONAL, VERIFIED -> false;
      };
    }

    private void within(String setting, Duration value, Duration most) {
      require(
          value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(most) <= 0,
          setting,
          "1 ms to " + most,
          value);
    }

    private void require(boolean holds, String setting, String bounds, Object value) {
      if (!holds) {
        throw new IllegalArgumentException(
            "%s of MCP server '%s' must be %s, is %s.".formatted(setting, name, bounds, value));
      }
    }
  }
}
