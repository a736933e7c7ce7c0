package io.llmaccounting.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.server.wire.Refusal.Code;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {
  private static final Instant NOW = ManualClock.START;
  private static final Limit TOKENS =
      Limit.named("alice hourly").user("alice").totalTokens(1_000).rolling(Duration.ofHours(1));
  private static final Limit MONEY =
      Limit.named("alice money").user("alice").cost(Cost.usd("5")).rolling(Duration.ofDays(1));
  private static final Refusal LATER =
      new Refusal(429, Code.RATE_LIMIT_EXCEEDED, "say \"no\"", Duration.ofMillis(12_001), false);

  @Test
  void isAnErrorOfOpenAi() {
    assertThat(LATER.body(Wire.OPENAI_CHAT).toString())
        .isEqualTo(
            "{\"error\":{\"message\":\"say \\\"no\\\"\",\"type\":\"rate_limit_error\",\"param\":null,"
                + "\"code\":\"rate_limit_exceeded\"}}");
    assertThat(LATER.body(Wire.OPENAI_RESPONSES)).isEqualTo(LATER.body(Wire.OTHER));
  }

  @Test
  void isAnErrorOfAnthropic() {
    assertThat(LATER.body(Wire.ANTHROPIC).toString())
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"say \\\"no\\\"\"},"
                + "\"request_id\":null}");
    assertThat(LATER.body(Wire.ANTHROPIC, "req_1").toString())
        .endsWith("\"request_id\":\"req_1\"}");
  }

  @Test
  void isAnErrorOfGoogle() {
    assertThat(LATER.body(Wire.GEMINI).toString())
        .isEqualTo(
            "{\"error\":{\"code\":429,\"message\":\"say \\\"no\\\"\",\"status\":\"RESOURCE_EXHAUSTED\","
                + "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\","
                + "\"reason\":\"RATE_LIMIT_EXCEEDED\",\"domain\":\"llmaccounting.io\"},"
                + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"13s\"}]}}");
  }

  @Test
  void isAnErrorOfAmazon() {
    assertThat(LATER.body(Wire.BEDROCK).toString()).isEqualTo("{\"message\":\"say \\\"no\\\"\"}");
    assertThat(LATER.headers(Wire.BEDROCK).get("x-amzn-ErrorType"))
        .isEqualTo("ThrottlingException");
  }

  @Test
  void isAnErrorOfCohereAndOfOllama() {
    assertThat(LATER.body(Wire.COHERE).toString()).isEqualTo("{\"message\":\"say \\\"no\\\"\"}");
    assertThat(LATER.body(Wire.OLLAMA).toString()).isEqualTo("{\"error\":\"say \\\"no\\\"\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_REQUEST, invalid_request_error, invalid_request_error, INVALID_ARGUMENT, ValidationException",
    "INVALID_KEY, authentication_error, authentication_error, UNAUTHENTICATED, AccessDeniedException",
    "MODEL_NOT_ALLOWED, permission_error, permission_error, PERMISSION_DENIED, AccessDeniedException",
    "NOT_FOUND, invalid_request_error, not_found_error, NOT_FOUND, ResourceNotFoundException",
    "REQUEST_TOO_LARGE, invalid_request_error, request_too_large, INVALID_ARGUMENT, ValidationException",
    "INSUFFICIENT_QUOTA, insufficient_quota, billing_error, RESOURCE_EXHAUSTED, ServiceQuotaExceededException",
    "RATE_LIMIT_EXCEEDED, rate_limit_error, rate_limit_error, RESOURCE_EXHAUSTED, ThrottlingException",
    "INTERNAL_ERROR, server_error, api_error, INTERNAL, InternalServerException",
    "UPSTREAM_UNAVAILABLE, server_error, api_error, UNAVAILABLE, ServiceUnavailableException",
    "ACCOUNTING_UNAVAILABLE, server_error, overloaded_error, UNAVAILABLE, ServiceUnavailableException",
    "UPSTREAM_TIMEOUT, server_error, timeout_error, DEADLINE_EXCEEDED, ModelTimeoutException"
  })
  void hasTheNamesOfEachProvider(
      Code code, String openAi, String anthropic, String google, String amazon) {
    Refusal refusal = Refusal.of(code, "no");

    assertThat(refusal.body(Wire.OPENAI_OTHER).toString())
        .contains("\"type\":\"" + openAi + "\"", "\"code\":\"" + code.word() + "\"");
    assertThat(refusal.body(Wire.ANTHROPIC).toString()).contains("\"type\":\"" + anthropic + "\"");
    assertThat(refusal.body(Wire.GEMINI).toString())
        .contains("\"code\":" + code.status(), "\"status\":\"" + google + "\"");
    assertThat(refusal.headers(Wire.BEDROCK).get("x-amzn-errortype")).isEqualTo(amazon);
  }

  @ParameterizedTest
  @EnumSource
  void hasOneCodeOnEveryWire(Wire wire) {
    assertThat(LATER.headers(wire).get(Refusal.CODE_HEADER)).isEqualTo("rate_limit_exceeded");
    assertThat(LATER.headers(wire).get("content-type")).isEqualTo("application/json");
    assertThat(LATER.headers(wire).get("cache-control")).isEqualTo("no-store");
  }

  @Test
  void saysWhenToRetryInWholeSecondsRoundedUp() {
    assertThat(LATER.headers(Wire.OTHER).get("retry-after")).isEqualTo("13");
    assertThat(LATER.retryAfter(Duration.ZERO).headers(Wire.OTHER).get("retry-after"))
        .isEqualTo("0");
    assertThat(LATER.retryAfter(Duration.ofSeconds(-3)).headers(Wire.OTHER).get("retry-after"))
        .isEqualTo("0");
  }

  @Test
  void letsAnSdkRetryByItselfOnlyWhereItWaitsLongEnough() {
    assertThat(LATER.headers(Wire.OTHER).contains("x-should-retry")).isFalse();
    assertThat(LATER.retryAfter(Duration.ofSeconds(60)).headers(Wire.OTHER).get("x-should-retry"))
        .isNull();
    assertThat(LATER.retryAfter(Duration.ofSeconds(61)).headers(Wire.OTHER).get("x-should-retry"))
        .isEqualTo("false");
  }

  @Test
  void isFinalWhereRetryingCannotHelp() {
    Refusal refusal = Refusal.of(Code.MODEL_NOT_ALLOWED, "no").retryAfter(Duration.ofSeconds(3));

    assertThat(refusal.headers(Wire.OPENAI_CHAT).get("x-should-retry")).isEqualTo("false");
    assertThat(refusal.headers(Wire.OPENAI_CHAT).contains("retry-after")).isFalse();
    assertThat(refusal.body(Wire.GEMINI).toString()).doesNotContain("RetryInfo");
  }

  @Test
  void takesAnotherStatus() {
    assertThat(Refusal.of(Code.UPSTREAM_UNAVAILABLE, "no").status(503).status()).isEqualTo(503);
  }

  @Test
  void namesTheLimitItsScopeWhatIsLeftAndWhenItFits() {
    Refusal refusal = Refusal.of(denied(TOKENS, 900, 200, NOW.plusSeconds(125)));

    assertThat(refusal)
        .isEqualTo(
            new Refusal(
                429,
                Code.RATE_LIMIT_EXCEEDED,
                "limit \"alice hourly\" (TOTAL_TOKENS, rolling PT1H, user is alice) has no room for"
                    + " 200 tokens: 100 tokens of 1000 tokens left; it fits in 2 min 5 s",
                Duration.ofSeconds(125),
                false));
  }

  @Test
  void isInsufficientQuotaWhereMoneyIsSpent() {
    Refusal refusal =
        Refusal.of(
            new QuotaExceededException(
                denied(MONEY, 6_000_000_000L, 1_000_000_000L, NOW.plusSeconds(90_000))));

    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.code()).isEqualTo(Code.INSUFFICIENT_QUOTA);
    assertThat(refusal.message()).endsWith("$0.00 of $5.00 left; it fits in 1 d 1 h");
    assertThat(refusal.headers(Wire.OTHER).get("retry-after")).isEqualTo("90000");
    assertThat(refusal.headers(Wire.OTHER).get("x-should-retry")).isEqualTo("false");
  }

  @Test
  void isFinalWhereACallNeverFits() {
    Refusal refusal = Refusal.of(denied(TOKENS, 0, 2_000, null));

    assertThat(refusal.code()).isEqualTo(Code.INSUFFICIENT_QUOTA);
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.terminal()).isTrue();
    assertThat(refusal.message()).endsWith("it never fits");
  }

  @Test
  void isFinalWhereAPriceIsMissing() {
    Refusal refusal =
        Refusal.of(
            new Decision.Denied(
                List.of(new Exceeded(status(MONEY, 0), 0, Exceeded.Reason.UNPRICED, null)), NOW));

    assertThat(refusal.code()).isEqualTo(Code.INSUFFICIENT_QUOTA);
    assertThat(refusal.terminal()).isTrue();
    assertThat(refusal.message()).contains("this model has no price", "setting prices", "unpriced");
  }

  @Test
  void isUnavailableWhereALimitCannotBeChecked() {
    for (Instant fits : new Instant[] {null, NOW.plusSeconds(9)}) {
      Refusal refusal =
          Refusal.of(
              new Decision.Denied(
                  List.of(new Exceeded(status(TOKENS, 0), 0, Exceeded.Reason.OUTAGE, fits)), NOW));

      assertThat(refusal.status()).isEqualTo(503);
      assertThat(refusal.code()).isEqualTo(Code.ACCOUNTING_UNAVAILABLE);
      assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(fits == null ? 5 : 9));
      assertThat(refusal.message()).contains("cannot be checked at the moment");
    }
  }

  @Test
  void foretellsNoEndOfCallsUnderWay() {
    Limit concurrent = Limit.named("at once").concurrentCalls(2);
    Refusal refusal = Refusal.of(denied(concurrent, 0, 1, NOW.plusSeconds(300)));

    assertThat(refusal.code()).isEqualTo(Code.RATE_LIMIT_EXCEEDED);
    assertThat(refusal.retryAfter()).isNull();
    assertThat(refusal.message())
        .endsWith("there is when a call under way ends, in 5 min at the latest");
    assertThat(refusal.headers(Wire.OTHER).contains("retry-after")).isFalse();
  }

  @Test
  void saysWhatTheStoreNeeds() {
    Refusal away = Refusal.of(new BackendException(BackendException.Kind.UNREACHABLE, "secret"));
    Refusal broken = Refusal.of(new BackendException(BackendException.Kind.UNUSABLE, "secret"));

    assertThat(away.status()).isEqualTo(503);
    assertThat(away.retryAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(away.message()).isEqualTo("the accounting's store is not available; ask again");
    assertThat(broken.message()).contains("administrator").doesNotContain("secret");
  }

  @Test
  void namesWhoIsNotInTheDirectory() {
    Refusal refusal =
        Refusal.of(new UnknownNameException(DirectoryEntry.Kind.PROJECT, "atlas", false));

    assertThat(refusal.status()).isEqualTo(403);
    assertThat(refusal.code()).isEqualTo(Code.UNKNOWN_NAME);
    assertThat(refusal.message()).contains("atlas");
  }

  @Test
  void saysDurationsAsPeopleDo() {
    assertThat(DenialText.words(Duration.ZERO)).isEqualTo("0 s");
    assertThat(DenialText.words(Duration.ofMillis(59_001))).isEqualTo("1 min");
    assertThat(DenialText.words(Duration.ofSeconds(3_661))).isEqualTo("1 h 1 min 1 s");
  }

  private static Decision.Denied denied(
      Limit limit, long used, long asked, @Nullable Instant fits) {
    return new Decision.Denied(
        List.of(new Exceeded(status(limit, used), asked, Exceeded.Reason.SPENT, fits)), NOW);
  }

  private static LimitStatus status(Limit limit, long used) {
    return new LimitStatus(limit, "", NOW, used, 0, null, Duration.ZERO);
  }
}
