package dev.holdfast.layers;

import static dev.holdfast.layers.Finding.expectNone;
import static dev.holdfast.layers.Sample.expectOnly;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TidyTest {
  private static final Repository HERE = Repository.here();

  private final Sample sample;

  TidyTest(@TempDir Path directory) {
    sample = new Sample(directory);
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        rule("columns", FileRules::columns),
        rule("file lengths", FileRules::fileLengths),
        rule("method lengths", MethodRules::lengths),
        rule("public types", SizeRules::publicTypes),
        rule("test lines", SizeRules::testLines),
        rule("kernel size", SizeRules::kernelSize),
        rule("empty words", NameRules::emptyWords),
        rule("getters", NameRules::getters));
  }

  private static Arguments rule(String name, Function<Repository, List<Finding>> rule) {
    return Arguments.of(name, rule);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theCodeBaseKeepsTheRule(String name, Function<Repository, List<Finding>> rule) {
    expectNone(rule.apply(HERE));
  }

  @Test
  void theCodeBaseIsSeen() {
    assertThat(HERE.sources())
        .map(Source::path)
        .contains(Path.of("layers/src/test/java/dev/holdfast/layers/TidyTest.java"))
        .contains(Path.of("kernel/src/main/java/dev/holdfast/kernel/package-info.java"));
  }

  @Test
  void aWideLineIsFoundUnlessItIsAnImport() {
    sample.type("json", "Wide", "import a." + "b".repeat(100) + ";\n//" + "x".repeat(99));
    expectOnly(
        FileRules.columns(sample.repository()), "Wide.java:4: 101 columns, the limit is 100");
  }

  @Test
  void aLongFileIsFound() {
    sample.type("json", "Long", "\n".repeat(498)).type("json", "Short", "");
    sample.type("json", "Tiny", "");
    expectOnly(
        FileRules.fileLengths(sample.repository()), "Long.java:501: 501 lines, the limit is 500");
  }

  @Test
  void aHighMedianIsFound() {
    sample.type("json", "First", "\n".repeat(98)).type("json", "Second", "");
    expectOnly(FileRules.fileLengths(sample.repository()), "the median is 101 lines");
  }

  @Test
  void aLongMethodIsFound() {
    sample.type("json", "Sixty", method(60) + "class Few { " + "void f() {}\n".repeat(20) + "}");
    sample.test("json", "SixtyOne", method(61) + "class Few { " + "void f() {}\n".repeat(20) + "}");
    expectOnly(
        MethodRules.lengths(sample.repository()),
        "SixtyOne.java:3: method m has 61 lines, the limit is 60");
  }

  @Test
  void tooManyMethodsOfMoreThanUsualLengthAreFound() {
    sample.type("json", "Usual", method(15).repeat(8));
    sample.type("json", "Unusual", method(16));
    expectOnly(
        MethodRules.lengths(sample.repository()).reversed().subList(0, 1),
        "all 9 methods: 8 have at most 15 lines, 9 of 10 must");
  }

  private static String method(int lines) {
    return "class C { void m() {" + "\n".repeat(lines - 1) + "} }\n";
  }

  @Test
  void aSixteenthPublicTypeIsFound() {
    for (int count = 1; count <= 15; count++) {
      sample.type("json", "Type" + count, "public class Type" + count + " { public class In {} }");
    }
    sample.type("json", "Hidden", "class Hidden {}");
    expectNone(SizeRules.publicTypes(sample.repository()));
    sample.type("json", "Type16", "public interface Type16 {}");
    expectOnly(
        SizeRules.publicTypes(sample.repository()),
        "package dev.holdfast.json: 16 public top-level types, the limit is 15");
  }

  @Test
  void tooFewTestLinesAreFound() {
    sample.type("kernel", "Run", "class Run {}").test("kernel", "RunTest", "");
    sample.type("store", "Rows", "class Rows {}").test("json", "RowsTest", "\n\n\n\n");
    sample.type("journal", "Entry", "").test("journal", "EntryTest", "\n");
    expectOnly(
        SizeRules.testLines(sample.repository()),
        "store: 0 lines of tests, the least is its 3 lines of code");
  }

  @Test
  void simulationsCountForTheKernel() {
    sample.type("kernel", "Run", "\n\n").test("testing", "RunSimulation", "\n\n");
    expectNone(SizeRules.testLines(sample.repository()));
  }

  @Test
  void contractSuitesCountForTheJournal() {
    sample.type("journal", "Entry", "\n\n").type("testing", "JournalContract", "\n\n");
    expectNone(SizeRules.testLines(sample.repository()));
  }

  @Test
  void otherTestToolsDoNotCountForTheJournal() {
    sample.type("journal", "Entry", "\n\n").type("testing", "InMemoryJournal", "\n\n");
    expectOnly(SizeRules.testLines(sample.repository()), "journal: 0 lines of tests");
  }

  @Test
  void aKernelThatGrewTooLargeIsFound() {
    sample.type("kernel", "Run", "\n".repeat(10_998));
    expectOnly(SizeRules.kernelSize(sample.repository()), "kernel: 11001 lines of code");
  }

  @Test
  void emptyWordsAreFoundInTypesAndPackages() {
    sample.type("json", "Codec", "class CodecImpl { enum RowManager {} }\nclass Implicit {}");
    sample.test("kernel/util", "Clock", "class Clock {}");
    expectOnly(
        NameRules.emptyWords(sample.repository()),
        "type CodecImpl has the word 'impl'",
        "type RowManager has the word 'manager'",
        "package dev.holdfast.kernel.util has the word 'util'");
  }

  @Test
  void getterIsFoundButNotWhatIsImposedOrTakesAnArgument() {
    sample.type(
        "json",
        "Row",
        "record Row(int n) { int getN() { return n; } int get() { return n; }\n"
            + "int getOrder(String id) { return n; } @Override public int getX() { return n; } }");
    expectOnly(NameRules.getters(sample.repository()), "Row.java:3: accessor getN says 'get'");
  }
}
