package dev.holdfast.layers;

import static dev.holdfast.layers.Finding.expectNone;
import static dev.holdfast.layers.Sample.expectOnly;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicApiTest {
  private final Sample sample;

  PublicApiTest(@TempDir Path directory) {
    sample = new Sample(directory);
  }

  @Test
  void everyPackageIsNullMarked() {
    expectNone(PackageRules.nullMarks(Repository.here()));
  }

  @Test
  void whatIsPublicIsDocumented() {
    expectNone(PublicRules.documentation(Repository.here()));
  }

  @Test
  void anUnmarkedPackageIsFound() {
    sample.type("json", "Codec", "class Codec {}").type("kernel", "Run", "class Run {}");
    sample.file(
        "json/src/main/java/dev/holdfast/json/package-info.java",
        "@org.jspecify.annotations.NullMarked package dev.holdfast.json;");
    sample.file(
        "store/src/main/java/dev/holdfast/store/package-info.java", "package dev.holdfast.store;");
    expectOnly(
        PackageRules.nullMarks(sample.repository()),
        "package dev.holdfast.kernel: not @NullMarked",
        "package dev.holdfast.store: not @NullMarked");
  }

  @Test
  void undocumentedTypesAndMethodsAreFound() {
    sample.type("json", "Codec", "public class Codec { public Codec() {} }");
    sample.type(
        "kernel",
        "Run",
        """
        /** A run. */
        public interface Run {
          void go();
          /** Stops. */ void stop();
          private void x() {}
          record Part(int n) { public int twice() { return 2 * n; } }
        }
        """);
    expectOnly(
        PublicRules.documentation(sample.repository()),
        "Codec.java:3: public type Codec has no Javadoc",
        "Run.java:5: public method go has no Javadoc",
        "Run.java:8: public method twice has no Javadoc");
  }

  @Test
  void whatNobodyReachesOrWhatOverridesNeedsNoDocumentation() {
    sample.type("kernel", "Run", "class Run { public void go() {} }");
    sample.type(
        "json",
        "Codec",
        "/** C. */ public class Codec { void m() {} private void p() {}\n"
            + "@Override public String toString() { return \"\"; } }");
    sample.type("console", "Main", "public class Main { public void run() {} }");
    sample.test("kernel", "RunTest", "public class RunTest {}");
    expectNone(PublicRules.documentation(sample.repository()));
  }
}
