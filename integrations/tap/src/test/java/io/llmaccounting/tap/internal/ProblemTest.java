package io.llmaccounting.tap.internal;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private final ManualClock clock = ManualClock.create();
  private final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.create(clock))
          .clock(clock)
          .withoutShutdownHook()
          .build();

  @AfterEach
  void close() {
    accounting.close();
  }

  private Decision.Denied denied() {
    return (Decision.Denied) accounting.quotas().check(CallRequest.to("gpt-5-mini"));
  }

  @Test
  void tellsWhenThereIsRoomAndNoNames() {
    accounting.limits().save(Limit.named("one \"a\"").requests(1).rolling(Duration.ofMinutes(10)));
    accounting.track(aCall().usage());

    Problem problem = Problem.of(denied(), false);

    assertThat(problem)
        .isEqualTo(
            new Problem(
                429,
                600L,
                "{\"type\":\"tag:llmaccounting.io,2026:no-room\","
                    + "\"title\":\"No room for this request\",\"status\":429,"
                    + "\"detail\":\"A limit on the use of models is reached; try again in 600 s\","
                    + "\"retryAfterSeconds\":600}"));
  }

  @Test
  void namesLimitsWhereItIsToldTo() {
    accounting.limits().save(Limit.named("one \"a\"").requests(1).rolling(Duration.ofMinutes(10)));
    accounting.track(aCall().usage());

    assertThat(Problem.of(denied(), true).body())
        .contains(",\"limits\":[{\"name\":\"one \\\"a\\\"\",\"subject\":\"", "\"reason\":\"");
  }

  @Test
  void asksForNoOtherTimeWhereACallUnderWayIsWaitedFor() {
    accounting.limits().save(Limit.named("at once").concurrentCalls(1));
    accounting.begin(CallRequest.to("gpt-5-mini"));

    Problem problem = Problem.of(denied(), false);

    assertThat(problem.status()).isEqualTo(429);
    assertThat(problem.retryAfter()).isNull();
    assertThat(problem.body()).contains("try again later").doesNotContain("retryAfterSeconds");
  }

  @Test
  void forbidsWhatNeverFits() {
    accounting.limits().save(Limit.named("none").requests(0).rolling(Duration.ofMinutes(10)));

    Problem problem = Problem.of(denied(), false);

    assertThat(problem.status()).isEqualTo(403);
    assertThat(problem.retryAfter()).isNull();
    assertThat(problem.body())
        .contains("\"type\":\"tag:llmaccounting.io,2026:never-fits\"", "\"status\":403")
        .doesNotContain("none");
  }

  @Test
  void blamesNoCallForAMissingPrice() {
    accounting.limits().save(Limit.named("cost").cost(Cost.usd("1")).rolling(Duration.ofDays(1)));

    Problem problem = Problem.of(denied(), false);

    assertThat(problem.status()).isEqualTo(503);
    assertThat(problem.body()).contains("\"type\":\"tag:llmaccounting.io,2026:not-decided\"");
  }

  @Test
  void findsADenialAmongCauses() {
    QuotaExceededException denial = new QuotaExceededException(spent());

    assertThat(Problem.denialIn(new IllegalStateException(new IllegalArgumentException(denial))))
        .containsSame(denial);
    assertThat(Problem.denialIn(new BackendException(BackendException.Kind.UNAVAILABLE, "away")))
        .isEmpty();
  }

  private Decision.Denied spent() {
    accounting.limits().save(Limit.named("none").requests(0).rolling(Duration.ofMinutes(10)));
    return denied();
  }
}
