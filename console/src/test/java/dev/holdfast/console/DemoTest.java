package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @Test
  void survivesEveryKillAndCountsRight(@TempDir Path directory) throws Exception {
    Invocation demo = Invocation.of(directory, "demo", "--store", "demo.db", "--json");
    assertThat(demo.code()).as(demo.err()).isZero();
    JsonNode result = Json.parsed(demo.out());
    assertThat(result.get("kills").asInt()).isGreaterThanOrEqualTo(12);
    assertThat(result.get("answers_lost").asInt()).isEqualTo(1);
    assertThat(result.get("doubts").asInt()).isEqualTo(1);
    assertThat(result.get("durable"))
        .allSatisfy(count -> assertThat(count.asInt()).isEqualTo(1))
        .hasSize(4);
    assertThat(result.get("naive").get("refunds").asInt()).isGreaterThan(1);
    assertThat(demo.err().lines().toList().getLast()).contains("kills", "all right");
    assertThat(Invocation.of(directory, "show", "order-4711", "--store", "demo.db").out())
        .contains("COMPLETED", "settled by", "the worker is gone");
  }
}
