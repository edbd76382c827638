package dev.holdfast.layers;

import static dev.holdfast.layers.Finding.expectNone;
import static dev.holdfast.layers.Sample.expectOnly;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocsTest {
  private static final String EXAMPLE =
      """
      class First {
        void show() {
          // snippet: first
          var run = start();
          run.go();
          // end: first
        }
      }
      """;
  private final Sample sample;

  DocsTest(@TempDir Path directory) {
    sample = new Sample(directory);
  }

  @Test
  void codeInTheDocsIsCodeOfTheExamples() {
    expectNone(SnippetRules.blocks(Repository.here()));
  }

  @Test
  void linksLeadSomewhere() {
    expectNone(LinkRules.links(Repository.here()));
  }

  @Test
  void filesSpeakOfTheProjectAlone() {
    expectNone(WordRules.foreignWords(Repository.here()));
  }

  @Test
  void aBlockMayBeIndentedInAnotherWay() {
    sample.type("examples", "First", EXAMPLE);
    sample.file("README.md", "# A\n```java\nvar run = start();\n  run.go();\n```\n");
    expectNone(SnippetRules.blocks(sample.repository()));
  }

  @Test
  void aBlockThatIsNoExampleIsFound() {
    sample.type("examples", "First", EXAMPLE);
    sample.file("docs/adr/one.md", "```java\nvar other = start();\n```\n");
    sample.file("docs/two.md", "  ```java\n  var run = start();\n  run.stop();\n  ```\n");
    sample.file("docs/three.md", "```text\nvar run\n```\n```java\nvar run = start();\n```\n");
    expectOnly(
        SnippetRules.blocks(sample.repository()),
        "docs/adr/one.md:1: this Java block is no region of an example; none starts with",
        "docs/three.md:4: this Java block is no region of an example; the one at examples/src/"
            + "main/java/dev/holdfast/examples/First.java:5 has 2 lines, this 1",
        "differs in its line 2: 'run.go();' there, 'run.stop();' here");
  }

  @Test
  void regionsOfOtherModulesDoNotCount() {
    sample.type("kernel", "First", EXAMPLE);
    sample.file("README.md", "```java\nvar run = start();\nrun.go();\n```\n");
    expectOnly(SnippetRules.blocks(sample.repository()), "README.md:1");
  }

  @Test
  void regionsWithoutEndOrWithTheSameNameAreFound() {
    sample.type("examples", "First", EXAMPLE).type("examples", "Second", EXAMPLE);
    sample.type("examples", "Third", "// snippet: third\nclass Third {}\n// end: fourth");
    expectOnly(
        SnippetRules.blocks(sample.repository()),
        "Second.java:5: snippet first is also at",
        "Third.java:3: snippet third has no end");
  }

  @Test
  void brokenLinksAreFound() {
    sample.file("docs/a.md", "# A page, with `code`\n[me](#a-page-with-code) [b](../b.md#no-such)");
    sample.file("b.md", "[a](docs/a.md#a-page-with-code) [c](c.md)\n[w](https://x.org/c.md)\n");
    sample.file("README.md", "```\n[in code](nowhere.md)\n```\n![picture](docs/picture.svg)");
    expectOnly(
        LinkRules.links(sample.repository()),
        "README.md:4: the link to docs/picture.svg leads nowhere: there is no docs/picture.svg",
        "b.md:1: the link to c.md leads nowhere: there is no c.md",
        "docs/a.md:2: the link to ../b.md#no-such leads nowhere: b.md has no such heading");
  }

  @Test
  void foreignWordsAreFound() {
    sample.file("a.sh", "cd /ho" + "me/me\ncd \"$home/work/\"");
    sample.file("b.md", "see https://example.org/work/ or `/wo" + "rk/x`");
    sample.file("c.xml", "<url>https://re" + "po.maven.apache.org/maven2</url>");
    sample.file("d.java", "// FIX" + "ME later\n// fixme\nclass Fixture {}");
    sample.file("e.bin", "TO" + "DO\0").file("target/f.java", "TO" + "DO");
    expectOnly(
        WordRules.foreignWords(sample.repository()),
        "a.sh:1: a path of one machine: '/ho" + "me'",
        "b.md:1: a path of one machine",
        "c.xml:1: the host of a registry",
        "d.java:1: a mark of unfinished work");
  }
}
