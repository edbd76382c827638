package dev.holdfast.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Failure;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFailuresTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static Failure of(Throwable thrown) {
    return HostedModel.failures().classify(thrown).orElseThrow();
  }

  private static Failure ofBody(int status, String body) {
    return of(new InvalidRequestException(new HttpException(status, body)));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 425, 429, 529})
  void statusesThatAskForPatienceAreTransient(int status) {
    assertThat(of(new HttpException(status, "x"))).isInstanceOf(Failure.Transient.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 403, 404, 413, 422})
  void statusesThatRefuseAreRejected(int status) {
    assertThat(of(new HttpException(status, "x"))).isInstanceOf(Failure.Rejected.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void serverErrorsLeaveItOpenWhatWasDone(int status) {
    assertThat(of(new InternalServerException(new HttpException(status, "x"))))
        .isEqualTo(new Failure.Unknown("http-" + status, "The exception's text is left out."));
  }

  @Test
  void classesOfTheClientAreKnownWithoutAStatus() {
    assertThat(of(new AuthenticationException("x"))).isInstanceOf(Failure.Rejected.class);
    assertThat(of(new ContentFilteredException("x"))).isInstanceOf(Failure.Rejected.class);
    assertThat(of(new UnsupportedFeatureException("x"))).isInstanceOf(Failure.Rejected.class);
    assertThat(of(new RateLimitException("x"))).isInstanceOf(Failure.Transient.class);
    assertThat(of(new TimeoutException("x"))).isInstanceOf(Failure.Unknown.class);
  }

  @Test
  void aConnectionThatNeverStoodSentNothing() {
    assertThat(of(new TimeoutException(new HttpConnectTimeoutException("x"))))
        .isInstanceOf(Failure.NotSent.class);
    assertThat(of(new IllegalStateException(new UnknownHostException("x"))))
        .isInstanceOf(Failure.NotSent.class);
    assertThat(of(new UnresolvedModelServerException("x"))).isInstanceOf(Failure.NotSent.class);
  }

  @Test
  void theProvidersWordIsToldAndItsTextIsNot() {
    var body = "{\"error\":{\"code\":\"model_not_found\",\"message\":\"key sk-hunter2\"}}";

    assertThat(ofBody(404, body))
        .isEqualTo(
            new Failure.Rejected(
                "http-404", "The server said: model_not_found. The exception's text is left out."));
  }

  @Test
  void aCodeThatIsNoWordIsNotTold() {
    var body = "{\"error\":{\"code\":\"key sk-hunter2 is wrong\"}}";

    assertThat(ofBody(401, body).message()).isEqualTo("The exception's text is left out.");
  }

  @ParameterizedTest
  @CsvSource({
    "400, '{\"error\":{\"code\":\"tool_use_failed\"}}'",
    "400, '{\"error\":{\"code\":\"json_validate_failed\"}}'",
    "422, '{\"error\":{\"code\":\"new_word\",\"failed_generation\":\"{\"}}'"
  })
  void whatTheModelWroteBadlyIsNotTheRequestsFault(int status, String body) {
    Failure failure = ofBody(status, body);

    assertThat(failure).isInstanceOf(Failure.Transient.class);
    assertThat(failure.code()).isEqualTo("model-error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "7 | 7",
        " 30  | 30",
        "999999999 | 86400",
        "Thu, 01 Jan 2026 00:01:00 GMT | 60",
        "Wed, 31 Dec 2025 00:01:00 GMT | 0"
      })
  void aWishToBeAskedLaterIsRead(String header, long seconds) {
    assertThat(RetryAfter.read(header, NOW)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999"})
  void aWishThatCannotBeReadIsNone(String header) {
    assertThat(RetryAfter.read(header, NOW)).isEqualTo(Optional.empty());
  }
}
