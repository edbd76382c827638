package dev.holdfast.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.Failure;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks like a secret never gets through, and the rest stays readable. */
class RedactionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "password=S3CRET",
        "Password: S3CRET",
        "user=ann;pwd=S3CRET;host=db",
        "passwd = S3CRET",
        "{\"password\":\"S3CRET\"}",
        "{\"password\" : \"S3CRET with S3CRET words\", \"user\":\"ann\"}",
        "{\"secret\":\"quoted \\\" S3CRET\"}",
        "client_secret=S3CRET&grant_type=code",
        "access_token=S3CRET",
        "api_key=S3CRET",
        "x-api-key: S3CRET",
        "apiKey='S3CRET more S3CRET'",
        "Authorization: Bearer S3CRETS3CRET",
        "Authorization: Basic S3CRETS3CRET=",
        "authorization=S3CRET",
        "got Bearer S3CRET.S3CRET-S3CRET here",
        "jdbc:postgresql://ann:S3CRET@db.example/shop",
        "https://ann:S3CRET:S3CRET@example.com/x",
        "https://S3CRET@github.example/repo.git",
        "key sk-S3CRETS3CRET1234",
        "key sk_live_S3CRETS3CRET",
        "rk_test_S3CRETS3CRET",
        "ghp_S3CRETS3CRETS3CRETS3CRETS3CRETS3CR",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJTM0NSRVQifQ.S3CRETS3CRET",
        "credential: S3CRET"
      })
  void hides(String text) {
    assertThat(Redaction.of(text)).doesNotContain("S3CRET").contains("***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connection refused: bank.example:443",
        "HTTP 404 at https://shop.example/orders/17?page=2",
        "the basic plan is enough for the tokens you have",
        "mail ann@example.com was not found",
        "order 4711: amount 10.50 > 10.00 allowed",
        "SQL state 23505: duplicate key value violates unique constraint \"orders_pkey\""
      })
  void leavesAlone(String text) {
    assertThat(Redaction.of(text)).isEqualTo(text);
  }

  @Test
  void keepsWhatStandsAroundASecret() {
    assertThat(Redaction.of("GET https://ann:pw@db.example/x failed, password=abc; try 2"))
        .isEqualTo("GET https://***@db.example/x failed, password=***; try 2");
  }

  @Test
  void cutsLongTexts() {
    assertThat(Redaction.of("x".repeat(5_000))).hasSize(601).endsWith("x…");
  }

  @Test
  void takesNoLongerForHostileTexts() {
    assertThat(Redaction.of("\"password\":\"" + "\\\"a".repeat(200_000))).hasSizeLessThan(700);
    assertThat(Redaction.of("://" + "a:".repeat(200_000))).hasSizeLessThan(700);
    assertThat(Redaction.of("eyJ" + "a.".repeat(200_000))).hasSizeLessThan(700);
  }

  @Test
  void namesExceptionsWithoutTheirPackage() {
    assertThat(Redaction.of(new IllegalStateException("token=abc")))
        .isEqualTo("IllegalStateException: token=***");
    assertThat(Redaction.of(new IllegalStateException())).isEqualTo("IllegalStateException");
    assertThat(Redaction.of(new IllegalStateException("x") {})).contains("RedactionTest$");
  }

  @Test
  void cleansEveryKindOfFailure() {
    var after = Optional.of(Duration.ofSeconds(3));

    assertThat(Redaction.of(new Failure.NotSent("c", "token=a")))
        .isEqualTo(new Failure.NotSent("c", "token=***"));
    assertThat(Redaction.of(new Failure.Rejected("c", "token=a")))
        .isEqualTo(new Failure.Rejected("c", "token=***"));
    assertThat(Redaction.of(new Failure.Transient("c", "token=a", after)))
        .isEqualTo(new Failure.Transient("c", "token=***", after));
    assertThat(Redaction.of(new Failure.Unknown("token=b", "token=a")))
        .isEqualTo(new Failure.Unknown("token=***", "token=***"));
  }
}
