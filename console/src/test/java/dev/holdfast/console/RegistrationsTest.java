package dev.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.Holdfast;
import dev.holdfast.store.Workflows;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationsTest {
  private static final String WORKFLOWS = Workflows.class.getName();

  /** Registers nothing. */
  public static final class Idle implements Workflows {
    @Override
    public void register(Holdfast holdfast) {}
  }

  /** Cannot be made. */
  public static final class Broken implements Workflows {
    /** Needs what nobody has. */
    public Broken(String needed) {
      assertThat(needed).isNotNull();
    }

    @Override
    public void register(Holdfast holdfast) {}
  }

  @TempDir private Path directory;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @AfterEach
  void restoreTheClassLoader() {
    Thread.currentThread().setContextClassLoader(before);
  }

  @Test
  void refusesToExecuteNothing() {
    refused(
        worker(),
        "There is nothing to execute: no class that implements " + WORKFLOWS + " was found.",
        "--class-path or HOLDFAST_CLASS_PATH",
        "META-INF/services/" + WORKFLOWS);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void findsWhatAJarNames() throws Exception {
    Path services = Files.createDirectories(directory.resolve("app/META-INF/services"));
    Files.writeString(services.resolve(WORKFLOWS), GatedWork.class.getName());
    List<Workflows> found =
        Registrations.onClassPath(shell(Map.of("HOLDFAST_CLASS_PATH", "app")), "").load(List.of());
    assertThat(found).singleElement().isInstanceOf(GatedWork.class);
  }

  @Test
  void namesWhatCannotBeUsed() throws Exception {
    refused(worker("--class-path", "no.jar"), "no.jar, which does not exist", "--class-path");
    refused(worker("--class-path", "libs/*"), "libs, which does not exist");
    refused(worker("--workflows", "no.such.Thing"), "There is no class no.such.Thing");
    refused(worker("--workflows", "java.lang.Object"), "does not implement " + WORKFLOWS);
    refused(
        worker("--workflows", Broken.class.getName()), "Broken cannot be made", "must be public");
    Path services = Files.createDirectories(directory.resolve("app/META-INF/services"));
    Files.writeString(services.resolve(WORKFLOWS), "no.such.Thing");
    refused(worker("--class-path", "app"), "cannot be used", "no.such.Thing");
    assertThat(directory.resolve("holdfast.db")).doesNotExist();
  }

  @Test
  void refusesToExecuteWhereNothingWasRegistered() {
    refused(
        worker("--workflows", Idle.class.getName()),
        "Nothing was registered by",
        Idle.class.getName());
  }

  @Test
  void refusesTimesThatAreNone() {
    Invocation refused = worker("--drain", "soon");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--drain", "'soon' is no time of at most a day", "30s");
  }

  private Invocation worker(String... options) {
    var arguments = new java.util.ArrayList<>(List.of("worker"));
    arguments.addAll(List.of(options));
    return Invocation.of(directory, arguments.toArray(String[]::new));
  }

  private Shell shell(Map<String, String> environment) {
    var nowhere = new PrintWriter(new StringWriter());
    return new Shell(
        new Terminal(nowhere, nowhere, Paint.PLAIN), environment, directory, Person.NOBODY);
  }

  private static void refused(Invocation invocation, String... parts) {
    assertThat(invocation.err()).contains(parts).doesNotContain("\tat ");
    assertThat(invocation.code()).isEqualTo(1);
  }
}
