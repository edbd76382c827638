package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replays the scripts that solve the shop's tasks, which reach rules that no model run met. */
final class GoldScriptsTest {
  @ParameterizedTest
  @CsvSource({"tasks_test.jsonl, 87", "tasks_train.jsonl, 375"})
  void everyResultAndEveryFinalStateIsAsRecorded(String file, int tasks, @TempDir Path directory)
      throws IOException {
    Path data = SharedData.folder("tau-bench");
    RetailBase base = RetailBase.load(data);
    List<String> differences = new ArrayList<>();
    List<String> lines = Files.readAllLines(data.resolve(file));
    try (RetailDatabase database =
        RetailDatabase.open(directory.resolve("w.db"), Clock.systemUTC())) {
      for (String line : lines) {
        JsonNode task = SmallShop.json(line);
        String id = task.path("task_id").asText();
        compare(task, new RetailWorld(base, database, id), differences);
      }
    }
    assertThat(differences).isEmpty();
    assertThat(lines).hasSize(tasks);
  }

  private static void compare(JsonNode task, RetailWorld world, List<String> differences) {
    JsonNode actions = task.path("gold_actions");
    for (int i = 0; i < actions.size(); i++) {
      String recorded = task.path("gold_results").path(i).path("result").asText();
      JsonNode action = actions.path(i);
      String actual =
          world.execute(
              new RetailCall(
                  "action-" + i, action.path("name").asText(), action.path("kwargs").toString()));
      if (!same(recorded, actual)) {
        differences.add(world.id() + " " + action + ": " + recorded + " but was " + actual);
      }
    }
    if (!task.path("gold_final_state_hash").asText().equals(world.stateHash())) {
      differences.add(world.id() + " ended in " + world.changedRecords());
    }
  }

  /** Long results are recorded as the hash of their canonical text. */
  private static boolean same(String recorded, String actual) {
    return recorded.startsWith("OK:")
        ? recorded.equals("OK:" + JsonText.hash(SmallShop.json(actual)))
        : ResultText.same(recorded, actual);
  }
}
