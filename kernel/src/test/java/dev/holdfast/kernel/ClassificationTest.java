package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Failure;
import dev.holdfast.kernel.spi.Classifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What exceptions mean: whether it may have happened, and whether a retry can help. */
class ClassificationTest {
  private static final Classifier NOTHING = thrown -> Optional.empty();

  static Stream<Arguments> known() {
    return Stream.of(
        Arguments.of(new ConnectException("refused"), Failure.NotSent.class, "connect"),
        Arguments.of(new UnknownHostException("bank"), Failure.NotSent.class, "host"),
        Arguments.of(
            new HttpConnectTimeoutException("slow"), Failure.NotSent.class, "connect-timeout"),
        Arguments.of(new HttpTimeoutException("slow"), Failure.Unknown.class, "timeout"),
        Arguments.of(new SQLException("x", "08001"), Failure.NotSent.class, "08001"),
        Arguments.of(new SQLException("x", "08004"), Failure.NotSent.class, "08004"),
        Arguments.of(new SQLException("x", "08006"), Failure.Unknown.class, "08006"),
        Arguments.of(new SQLException("x", "08007"), Failure.Unknown.class, "08007"),
        Arguments.of(new SQLException("x", "22001"), Failure.Rejected.class, "22001"),
        Arguments.of(new SQLException("x", "23505"), Failure.Rejected.class, "23505"),
        Arguments.of(new SQLException("x", "28000"), Failure.Rejected.class, "28000"),
        Arguments.of(new SQLException("x", "42601"), Failure.Rejected.class, "42601"),
        Arguments.of(new SQLException("x", "40001"), Failure.Transient.class, "40001"),
        Arguments.of(new SQLException("x", "40P01"), Failure.Transient.class, "40P01"),
        Arguments.of(new SQLException("x", "40003"), Failure.Unknown.class, "40003"),
        Arguments.of(new SQLException("x", "XX000"), Failure.Unknown.class, "SQLException"),
        Arguments.of(new SQLException("x"), Failure.Unknown.class, "SQLException"),
        Arguments.of(
            new SocketTimeoutException("read"), Failure.Unknown.class, "SocketTimeoutException"),
        Arguments.of(new IOException("reset"), Failure.Unknown.class, "IOException"),
        Arguments.of(new OutOfMemoryError("heap"), Failure.Unknown.class, "OutOfMemoryError"),
        Arguments.of(KnownFailure.notSent("c", "m"), Failure.NotSent.class, "c"),
        Arguments.of(KnownFailure.rejected("c", "m"), Failure.Rejected.class, "c"),
        Arguments.of(KnownFailure.unknown("c", "m"), Failure.Unknown.class, "c"),
        Arguments.of(
            KnownFailure.tryLater("c", "m", Optional.of(Duration.ofSeconds(1))),
            Failure.Transient.class,
            "c"));
  }

  @ParameterizedTest
  @MethodSource("known")
  void anExceptionMeans(Throwable thrown, Class<? extends Failure> kind, String code) {
    Failure failure = parts(NOTHING).classify(NOTHING, thrown);

    assertThat(failure).isInstanceOf(kind);
    assertThat(failure.code()).isEqualTo(code);
  }

  @ParameterizedTest
  @MethodSource("known")
  void aWrapperMeansWhatItWraps(Throwable thrown, Class<? extends Failure> kind) {
    var wrapped = new IllegalStateException("outer", new RuntimeException(thrown));

    assertThat(parts(NOTHING).classify(NOTHING, wrapped)).isInstanceOf(kind);
  }

  @Test
  void whatNobodyKnowsIsNamedByItsOutermostException() {
    var thrown = new UncheckedIOException("token=abc", new IOException("reset"));

    assertThat(parts(NOTHING).classify(NOTHING, thrown))
        .isEqualTo(new Failure.Unknown("UncheckedIOException", "UncheckedIOException: token=***"));
  }

  @Test
  void theEffectsOwnClassifierIsAskedBeforeTheEnginesAndTheBuiltIn() {
    Classifier own = thrown -> rejectedBy("own", thrown instanceof ConnectException);
    Classifier engines = thrown -> rejectedBy("engine", thrown instanceof IOException);

    assertThat(parts(engines).classify(own, new ConnectException()).code()).isEqualTo("own");
    assertThat(parts(engines).classify(NOTHING, new ConnectException()).code()).isEqualTo("engine");
    assertThat(parts(NOTHING).classify(NOTHING, new ConnectException()).code())
        .isEqualTo("connect");
  }

  private static Optional<Failure> rejectedBy(String name, boolean known) {
    return known ? Optional.of(new Failure.Rejected(name, "")) : Optional.empty();
  }

  @Test
  void aClassifierThatThrowsLeavesTheFailureUnknownAndIsNamed() {
    Classifier broken =
        thrown -> {
          throw new IllegalStateException("no idea, password=abc");
        };

    assertThat(parts(NOTHING).classify(broken, new ConnectException("refused")))
        .isEqualTo(
            new Failure.Unknown(
                "ConnectException",
                "ConnectException: refused"
                    + " (its classifier threw IllegalStateException: no idea, password=***)"));
  }

  @Test
  void anEndlessChainOfCausesEnds() {
    var first = new RuntimeException("a");
    first.initCause(new RuntimeException("b", first));

    assertThat(parts(NOTHING).classify(NOTHING, first)).isInstanceOf(Failure.Unknown.class);
  }

  @Test
  void failuresSayWhatTheyMean() {
    assertThat(Stream.of(Facts.NOT_SENT, Facts.REJECTED, Facts.TRANSIENT, Facts.UNKNOWN))
        .extracting(Failure::mayHaveHappened, Failure::isRetryable)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(false, true),
            org.assertj.core.groups.Tuple.tuple(false, false),
            org.assertj.core.groups.Tuple.tuple(false, true),
            org.assertj.core.groups.Tuple.tuple(true, true));
  }

  private static Parts parts(Classifier engines) {
    return new Parts(
        NoJournal.JOURNAL,
        dev.holdfast.json.JsonCodec.standard(),
        Settings.standard().classifier(engines),
        new Crew(new FreeScheduler()),
        new Watch(new FreeScheduler()),
        () -> {});
  }
}
