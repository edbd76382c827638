package dev.holdfast.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launchers decide, without a build of their own. */
class LaunchTest {
  private static final Path ROOT = Repository.here().root();

  private final Path directory;
  private final Sample sample;

  LaunchTest(@TempDir Path directory) {
    this.directory = directory;
    sample = new Sample(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "holdfast",
        "bench/run",
        "examples/booking",
        ".ci/run",
        "build/format",
        "build/launch.sh"
      })
  void theScriptIsSound(String script) throws Exception {
    assertThat(bash("bash -n '%s'".formatted(ROOT.resolve(script)))).isEqualTo("0\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"holdfast", "bench/run", "examples/booking", ".ci/run", "build/format"})
  void theCommandCanBeCalled(String script) {
    assertThat(ROOT.resolve(script)).isExecutable();
  }

  @Test
  void theFirstFittingJdkIsTaken() throws Exception {
    jdk("old", "17.0.15");
    jdk("fitting", "21.0.2");
    jdk("newer", "25");
    sample.file("empty/release", "JAVA_VERSION=\"30\"");
    String homes = "printf '%s\\n' \"$root\"/{none,empty,old,fitting,newer}";
    assertThat(launch("jdk_homes() { " + homes + "; }; require_jdk"))
        .isEqualTo(directory.resolve("fitting") + "\n0\n");
  }

  @Test
  void aMachineWithoutFittingJdkGetsOneSentence() throws Exception {
    jdk("old", "17.0.15");
    assertThat(launch("jdk_homes() { echo \"$root/old\"; }; require_jdk"))
        .startsWith("Holdfast needs a JDK 21 or later and found none in JAVA_HOME, on the PATH")
        .contains("install one", "set JAVA_HOME")
        .endsWith(".\n1\n")
        .hasLineCount(2);
  }

  @Test
  void theJdkOfTheEnvironmentComesFirst() throws Exception {
    assertThat(launch("JAVA_HOME=/mine; jdk_homes | head -n 1")).isEqualTo("/mine\n0\n");
  }

  @Test
  void aDistributionIsStaleOnceASourceOrPomIsNewer() throws Exception {
    sample.file("pom.xml", "").file("kernel/pom.xml", "").type("kernel", "Run", "class Run {}");
    assertThat(launch("is_stale '%s'".formatted(directory))).as("never built").isEqualTo("0\n");
    sample.file("built", "");
    Instant built = Instant.now().plusSeconds(60);
    Files.setLastModifiedTime(directory.resolve("built"), FileTime.from(built));
    assertThat(launch("is_stale '%s'".formatted(directory))).as("built").isEqualTo("1\n");
    for (String changed : List.of("pom.xml", "kernel/pom.xml", "kernel/src/main/java")) {
      Path file = directory.resolve(changed);
      FileTime before = Files.getLastModifiedTime(file);
      Files.setLastModifiedTime(file, FileTime.from(built.plusSeconds(60)));
      assertThat(launch("is_stale '%s'".formatted(directory))).as(changed).isEqualTo("0\n");
      Files.setLastModifiedTime(file, before);
    }
  }

  @Test
  void progressNamesTheModuleThatIsBuilt() throws Exception {
    sample.file("log", "[INFO] Building Holdfast kernel 0.1.0-SNAPSHOT                 [4/9]\n");
    assertThat(launch("progress_of \"$root/log\" $((SECONDS - 7))"))
        .isEqualTo("Building Holdfast: kernel [4/9], 7 s0\n");
  }

  private void jdk(String name, String version) throws IOException {
    sample.file(name + "/release", "JAVA_VERSION=\"%s\"\n".formatted(version));
    sample.file(name + "/bin/javac", "");
    Files.setPosixFilePermissions(
        directory.resolve(name + "/bin/javac"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs a command with the functions of the launchers, the sample being the repository. */
  private String launch(String command) throws Exception {
    String script = ROOT.resolve("build/launch.sh").toString();
    return bash("set -u; root='%s'; . '%s'; %s".formatted(directory, script, command));
  }

  /** All that a command says, and its exit code in the last line. */
  private static String bash(String command) throws Exception {
    var process =
        new ProcessBuilder("bash", "-c", "(" + command + "); echo $?")
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
