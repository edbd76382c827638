package dev.holdfast.layers;

import static dev.holdfast.layers.Finding.expectNone;
import static dev.holdfast.layers.Sample.expectOnly;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {
  private static final JavaClasses OURS = ClassRules.ours();

  private final Sample sample;

  LayersTest(@TempDir Path directory) {
    sample = new Sample(directory);
  }

  @Test
  void everyModuleIsOnTheClassPath() {
    assertThat(OURS)
        .map(JavaClass::getPackageName)
        .containsAll(Arrays.stream(Module.values()).map(Module::packageName).toList());
  }

  @Test
  void everyModuleHasItsPlace() {
    expectNone(PackageRules.knownModules(Repository.here()));
  }

  @Test
  void modulesStandOnWhatIsBelowThemOnly() {
    expectNone(ClassRules.direction(OURS));
  }

  @Test
  void modulesFormNoCircle() {
    expectNone(ClassRules.cycles(OURS));
  }

  @Test
  void theLowestModulesNeedNoLibrary() {
    expectNone(ClassRules.libraries(OURS));
  }

  @Test
  void onlyWhoWantsSpringLoadsIt() {
    expectNone(ClassRules.optionalLibraries(OURS));
  }

  @Test
  void aModuleIsOneFlatPackage() {
    expectNone(PackageRules.flatness(Repository.here()));
  }

  @Test
  void anUnknownModuleIsFound() {
    sample.file("attic/pom.xml", "").file("json/pom.xml", "").file("pom.xml", "");
    expectOnly(PackageRules.knownModules(sample.repository()), "attic: this module has no place");
  }

  @Test
  void aDependencyUpwardIsFound() {
    sample.type("store", "Rows", "public class Rows {}");
    sample.type("agents", "Agent", "class Agent extends dev.holdfast.store.Rows {}");
    expectNone(ClassRules.direction(sample.classes()));
    sample.type("kernel", "Run", "class Run { dev.holdfast.store.Rows[] rows; }");
    expectOnly(
        ClassRules.direction(sample.classes()),
        "KERNEL stands on what is below it only: Field <dev.holdfast.kernel.Run.rows> depends on",
        "Field <dev.holdfast.kernel.Run.rows> has type <[Ldev.holdfast.store.Rows;>");
  }

  @Test
  void aDependencySidewaysIsFound() {
    sample.type("json", "Text", "public class Text {}");
    sample.type("kernel", "Run", "class Run { Object text = new dev.holdfast.json.Text(); }");
    expectOnly(
        ClassRules.direction(sample.classes()),
        "Constructor <dev.holdfast.kernel.Run.<init>()> calls constructor <dev.holdfast.json.Text");
  }

  @Test
  void aCircleIsFound() {
    sample.type("json", "Text", "public class Text { dev.holdfast.store.Rows rows; }");
    sample.type("store", "Rows", "public class Rows { dev.holdfast.json.Text text; }");
    expectOnly(ClassRules.cycles(sample.classes()), "Cycle detected: Slice json");
  }

  @Test
  void aLibraryInTheKernelIsFound() {
    sample.type("store", "Query", "class Query { javax.sql.DataSource source; }");
    sample.type("kernel", "Run", "class Run { int[] n; String s; javax.sql.DataSource source; }");
    expectOnly(ClassRules.libraries(sample.classes()), "has type <javax.sql.DataSource>");
  }

  @Test
  void aLoadedSpringIsFound() {
    sample.type("store", "SpringTransactions", "class SpringTransactions {}");
    expectNone(ClassRules.optionalLibraries(sample.classes()));
    sample.type("store", "Rows", "class Rows { SpringTransactions spring; }");
    expectOnly(
        ClassRules.optionalLibraries(sample.classes()),
        "Field <dev.holdfast.store.Rows.spring> has type <dev.holdfast.store.SpringTransactions>");
  }

  @Test
  void aNestedPackageIsFound() {
    sample.type("kernel/spi", "Clock", "interface Clock {}").type("kernel", "Run", "class Run {}");
    expectNone(PackageRules.flatness(sample.repository()));
    sample.type("kernel/replay", "Replay", "class Replay {}");
    expectOnly(
        PackageRules.flatness(sample.repository()),
        "Replay.java:1: package dev.holdfast.kernel.replay, allowed are [dev.holdfast.kernel, ");
  }
}
