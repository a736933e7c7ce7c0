package io.llmaccounting.testkit;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LlmAssertionsTest {
  private static final Instant NOW = ManualClock.START;
  private static final Limit LIMIT =
      Limit.named("alice hourly").user("alice").requests(10).rolling(Duration.ofHours(1));
  private static final LimitStatus STATUS =
      new LimitStatus(LIMIT, "", NOW, 7, 1, null, Duration.ZERO);

  @Test
  void admissionsPassAndFailByWhatTheySay() {
    Decision admitted =
        new Decision.Admitted(List.of(STATUS), List.of(exceeded(NOW.plusSeconds(1))));

    assertThat(admitted).isAdmitted().leaves("alice hourly", 2).warnsOf("alice hourly");
    assertFails(() -> assertThat(admitted).isDenied(), "expected a denial");
    assertFails(() -> assertThat(admitted).leaves("alice hourly", 3), "alice hourly");
    assertFails(() -> assertThat(admitted).leaves("other", 2), "other");
    assertFails(() -> assertThat(admitted).warnsOf(), "alice hourly");
    assertFails(() -> assertThat((Decision) null).isAdmitted(), "null");
  }

  @Test
  void denialsPassAndFailByWhatTheySay() {
    Decision denied = new Decision.Denied(List.of(exceeded(NOW.plusSeconds(90))), NOW);

    assertThat(denied)
        .isDenied()
        .byLimit("alice hourly")
        .byExactly("alice hourly")
        .because(Exceeded.Reason.SPENT)
        .used(7)
        .held(1)
        .retryAfter(Duration.ofSeconds(90));
    assertFails(() -> assertThat(denied).isAdmitted(), "expected an admission");
    assertFails(() -> assertThat(denied).isDenied().byLimit("other"), "other");
    assertFails(() -> assertThat(denied).isDenied().byExactly(), "alice hourly");
    assertFails(() -> assertThat(denied).isDenied().used(8), "8");
    assertFails(() -> assertThat(denied).isDenied().held(0), "0");
    assertFails(() -> assertThat(denied).isDenied().retryAfter(Duration.ofSeconds(89)), "1M29S");
    assertFails(() -> assertThat(denied).isDenied().neverFits(), "fits at");
    assertFails(() -> assertThat(denied).isDenied().because(Exceeded.Reason.UNPRICED), "UNPRICED");
  }

  @Test
  void whatNeverFitsHasNoRetry() {
    Decision denied = new Decision.Denied(List.of(exceeded(null)), NOW);

    assertThat(denied).isDenied().neverFits();
    assertFails(() -> assertThat(denied).isDenied().retryAfter(Duration.ZERO), "retry after");
  }

  @Test
  void reportsPassAndFailByTheirTotals() {
    UsageTotals totals =
        UsageTotals.of(new RecordedUsage(aCall().costing("0.02").usage(), NOW, NOW, false, null))
            .plus(UsageTotals.of(new RecordedUsage(failedCall(), NOW, NOW, false, null)));
    ReportQuery query =
        new ReportQuery(
            TimeRange.always(), UsageFilter.all(), List.of(), null, ZoneOffset.UTC, false);
    UsageReport report = new UsageReport(query, List.of(), totals, Instant.EPOCH);

    assertThat(report)
        .hasCalls(2)
        .hasCost("0.02")
        .hasInputTokens(100)
        .hasOutputTokens(20)
        .hasUnpriced(1)
        .hasMissing(1)
        .hasFailed(1);
    assertThat(UsageTotals.ZERO).isEmpty();
    assertFails(() -> assertThat(report).hasCalls(1), "calls of total of the report");
    assertFails(() -> assertThat(report).hasCost("0.020000001"), "cost");
    assertFails(() -> assertThat(totals).hasInputTokens(1), "input tokens");
    assertFails(() -> assertThat(totals).hasOutputTokens(1), "output tokens");
    assertFails(() -> assertThat(totals).hasUnpriced(0), "unpriced");
    assertFails(() -> assertThat(totals).hasMissing(0), "without tokens");
    assertFails(() -> assertThat(totals).hasFailed(0), "failed");
    assertFails(() -> assertThat(totals).isEmpty(), "totals");
  }

  @Test
  void receiptsPassAndFailByWhatTheySay() {
    Receipt receipt =
        new Receipt(
            UsageFixtures.newId(NOW), Cost.usd("0.02"), Receipt.Status.RECORDED, List.of(STATUS));
    Receipt duplicate = new Receipt(receipt.id(), null, Receipt.Status.DUPLICATE, List.of());

    assertThat(receipt).isRecorded().hasCost("0.02").leaves("alice hourly", 2);
    assertThat(duplicate).isDuplicate().isUnpriced();
    assertFails(() -> assertThat(receipt).isDuplicate(), "DUPLICATE");
    assertFails(() -> assertThat(duplicate).isRecorded(), "RECORDED");
    assertFails(() -> assertThat(receipt).isUnpriced(), "cost");
    assertFails(() -> assertThat(receipt).hasCost("0.03"), "0.03");
    assertFails(() -> assertThat(receipt).leaves("alice hourly", 1), "alice hourly");
  }

  private static Usage failedCall() {
    return aCall().withoutTokens().failed("RateLimit", "slow down").usage();
  }

  private static Exceeded exceeded(@Nullable Instant fits) {
    return new Exceeded(STATUS, 3, Exceeded.Reason.SPENT, fits);
  }

  private static void assertFails(ThrowingCallable assertion, String saying) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContaining(saying);
  }
}
