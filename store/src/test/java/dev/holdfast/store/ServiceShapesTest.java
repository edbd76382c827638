package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kernel.Run;
import dev.holdfast.kernel.RunException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interfaces of every shape: inherited, generic, private, with defaults and odd types. */
class ServiceShapesTest {
  record Order(String id, int cents) {}

  interface Left {
    String same(String value);
  }

  interface Right {
    String same(String value);
  }

  interface Both extends Left, Right {}

  interface Wide {
    Object find(String id);
  }

  interface Narrow extends Wide {
    @Override
    Order find(String id);
  }

  private interface Odd {
    default String twice(String value) {
      return plain(value) + plain(value);
    }

    String plain(String value);

    String many(String... values);

    char letter(char value);

    long sum(byte a, short b, long c, float d);

    boolean not(boolean value);

    @Nullable String nothing(@Nullable String value);

    Optional<Order> maybe(String id);

    Map<String, List<Order>> grouped(List<Order> orders);

    int[] numbers(int... values);

    String fails(String how) throws IOException;

    String runId();

    static String helper() {
      return "static";
    }

    @Override
    String toString();
  }

  private static final class OddService implements Odd {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public String plain(String value) {
      return value + calls.incrementAndGet();
    }

    @Override
    public String many(String... values) {
      return String.join("+", values);
    }

    @Override
    public char letter(char value) {
      return Character.toUpperCase(value);
    }

    @Override
    public long sum(byte a, short b, long c, float d) {
      return a + b + c + (long) d;
    }

    @Override
    public boolean not(boolean value) {
      return !value;
    }

    @Override
    public @Nullable String nothing(@Nullable String value) {
      return value;
    }

    @Override
    public Optional<Order> maybe(String id) {
      return id.isEmpty() ? Optional.empty() : Optional.of(new Order(id, 1));
    }

    @Override
    public Map<String, List<Order>> grouped(List<Order> orders) {
      return Map.of("all", orders);
    }

    @Override
    public int[] numbers(int... values) {
      return values;
    }

    @Override
    public String fails(String how) throws IOException {
      calls.incrementAndGet();
      switch (how) {
        case "checked" -> throw new IOException("a checked one");
        case "error" -> throw new AssertionError("an error");
        default -> throw new IllegalStateException("an unchecked one");
      }
    }

    @Override
    public String runId() {
      return Run.current().orElseThrow().id().text();
    }
  }

  @TempDir Path folder;
  private Holdfast holdfast;

  @BeforeEach
  void open() {
    holdfast = Holdfast.open(folder.resolve("shapes.db"));
  }

  @AfterEach
  void close() {
    holdfast.close();
  }

  private Service<Odd> odd() {
    return holdfast.register("odd", Odd.class, new OddService());
  }

  @Test
  void aMethodOfTwoInterfacesIsOne() {
    Service<Both> both = holdfast.register("both", Both.class, value -> "same " + value);

    assertThat(both.<String>run("a", b -> b.same("x"))).isEqualTo("same x");
    assertThat(both.<String>run("b", b -> ((Right) b).same("x"))).isEqualTo("same x");
  }

  @Test
  void aNarrowedResultIsReadAsWhatItIs() {
    Service<Narrow> narrow = holdfast.register("narrow", Narrow.class, id -> new Order(id, 1));

    assertThat(narrow.<Order>run("a", n -> n.find("x"))).isEqualTo(new Order("x", 1));
    assertThat(narrow.<Object>run("b", n -> ((Wide) n).find("x"))).isEqualTo(new Order("x", 1));
  }

  @Test
  void defaultMethodsAndVariableArgumentsAreCallsLikeAnyOther() {
    Service<Odd> odd = odd();

    assertThat(odd.<String>run("a", o -> o.twice("x"))).isEqualTo("x1x2");
    assertThat(odd.<String>run("b", o -> o.many("x", "y"))).isEqualTo("x+y");
    assertThat(odd.<String>run("c", Odd::many)).isEmpty();
    assertThat(odd.<int[]>run("d", o -> o.numbers(1, 2))).containsExactly(1, 2);
    assertThat(odd.<String>run("e", Odd::runId)).isEqualTo("e");
  }

  @Test
  void primitivesKeepTheirValues() {
    Service<Odd> odd = odd();

    assertThat(odd.<Character>run("a", o -> o.letter('x'))).isEqualTo('X');
    assertThat(odd.<Long>run("b", o -> o.sum((byte) -1, (short) 2, Long.MAX_VALUE - 2, 1.5f)))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(odd.<Boolean>run("c", o -> o.not(false))).isTrue();
    assertThat(odd.<Boolean>start("d", o -> o.not(true)).run()).isFalse();
  }

  @Test
  void nullsAndContainersComeBackAsTheyWere() {
    Service<Odd> odd = odd();

    assertThat(odd.<@Nullable String>run("a", o -> o.nothing(null))).isNull();
    assertThat(odd.<Optional<Order>>run("b", o -> o.maybe("x"))).contains(new Order("x", 1));
    assertThat(odd.<Optional<Order>>run("c", o -> o.maybe(""))).isEmpty();
    assertThat(odd.<Map<String, List<Order>>>run("d", o -> o.grouped(List.of(new Order("x", 1)))))
        .isEqualTo(Map.of("all", List.of(new Order("x", 1))));
  }

  @Test
  void whatAMethodThrowsHaltsTheRunAndIsNamed() {
    Service<Odd> odd = odd();

    for (String how : List.of("checked", "error", "unchecked")) {
      assertThatThrownBy(() -> odd.run(how, o -> fails(o, how)))
          .isInstanceOf(RunException.RunNotEnded.class)
          .hasMessageContaining(how.equals("error") ? "an error" : how)
          .hasMessageContaining("quarantined");
    }
  }

  private static String fails(Odd odd, String how) {
    try {
      return odd.fails(how);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void methodsOfObjectAreNoRuns() {
    Service<Odd> odd = odd();

    assertThatThrownBy(() -> odd.run("a", Odd::toString))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> odd.run("b", o -> String.valueOf(o.hashCode())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Odd.helper()).isEqualTo("static");
  }
}
