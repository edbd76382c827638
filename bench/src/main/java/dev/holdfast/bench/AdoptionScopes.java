package dev.holdfast.bench;

import dev.langchain4j.agentic.scope.AgenticScopeKey;
import dev.langchain4j.agentic.scope.AgenticScopeSerializer;
import dev.langchain4j.agentic.scope.AgenticScopeStore;
import dev.langchain4j.agentic.scope.DefaultAgenticScope;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The shared state of agentic systems in files; a process can die before and after each write. */
record AdoptionScopes(AdoptionFiles files, AdoptionLife life) implements AgenticScopeStore {
  private static final String BETWEEN = "--";

  private static String name(AgenticScopeKey key) {
    return key.agentId() + BETWEEN + key.memoryId();
  }

  @Override
  public boolean save(AgenticScopeKey key, DefaultAgenticScope scope) {
    life.touch("before a checkpoint");
    files.write(name(key), AgenticScopeSerializer.toJson(scope));
    life.touch("after a checkpoint");
    return true;
  }

  @Override
  public Optional<DefaultAgenticScope> load(AgenticScopeKey key) {
    return files.read(name(key)).map(AgenticScopeSerializer::fromJson);
  }

  @Override
  public boolean delete(AgenticScopeKey key) {
    return files.delete(name(key));
  }

  @Override
  public Set<AgenticScopeKey> getAllKeys() {
    return files.all().keySet().stream()
        .map(name -> name.split(BETWEEN, 2))
        .map(parts -> new AgenticScopeKey(parts[0], parts[1]))
        .collect(Collectors.toSet());
  }
}
