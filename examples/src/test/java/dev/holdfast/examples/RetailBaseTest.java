package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetailBaseTest {
  @TempDir Path directory = Path.of("");

  private void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("orders.json"), SmallShop.ORDERS.toString());
    Files.writeString(folder.resolve("users.json"), SmallShop.USERS.toString());
    Files.writeString(folder.resolve("products.json"), SmallShop.PRODUCTS.toString());
  }

  @Test
  void theFolderItselfOrItsParentIsRead() throws IOException {
    write(directory.resolve("db"));
    for (Path folder : new Path[] {directory, directory.resolve("db")}) {
      assertThat(RetailBase.load(folder).usersNamed("ADA", "stone")).containsExactly("ada", "ben");
    }
  }

  @Test
  void aMissingFileIsNamedWithTheRemedy() throws IOException {
    write(directory);
    Files.delete(directory.resolve("users.json"));
    assertThatThrownBy(() -> RetailBase.load(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("users.json", "or its parent");
  }

  @Test
  void aFileThatIsNoTableIsNamed() throws IOException {
    write(directory);
    for (String content : new String[] {"[]", "{\"a\": 1}", "{", ""}) {
      Files.writeString(directory.resolve("orders.json"), content);
      assertThatThrownBy(() -> RetailBase.load(directory))
          .isInstanceOf(RuntimeException.class)
          .hasMessageContaining("orders.json");
    }
  }
}
