package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Leases while the store is away, and when its answers get lost. */
public class LeaseOutageAcceptance extends OutageTest {
  private static final CallRequest CALL = CallRequest.to("m").inputTokens(0).maxOutputTokens(0);

  private static Receipt make(LlmAccounting accounting) {
    try (LlmCall call = accounting.begin(CALL)) {
      return call.succeeded(TokenUsage.of(1, 1));
    }
  }

  private LimitStatus status() {
    return accounting().limits().status("calls").get(0);
  }

  private void lease(LlmAccounting accounting) {
    eventually(
        "a lease with room is there",
        () -> {
          make(accounting);
          return status().leased() > 10;
        });
  }

  private void leased(Limit limit) {
    save(limit.leased());
  }

  @Test
  final void aLiveLeaseIsSpentWhileASpoolKeepsTheRecords() {
    leased(Limit.named("calls").requests(100_000).lifetime());
    try (LlmAccounting accounting = fragile(settings -> settings.spool(spool()))) {
      lease(accounting);
      long used = status().used();
      breakDown(accounting);

      assertThat(make(accounting).status()).isEqualTo(Receipt.Status.SPOOLED);
      assertThat(make(accounting).status()).isEqualTo(Receipt.Status.SPOOLED);
      recover(accounting);

      assertThat(status().used()).isEqualTo(used + 2);
    }
    assertThat(status().held()).isZero();
  }

  @Test
  final void aLeaseThatHasEndedLeavesTheDecisionToTheOutagePolicy() {
    leased(Limit.named("calls").requests(100_000).lifetime());
    try (LlmAccounting accounting = fragile(settings -> settings.spool(spool()))) {
      lease(accounting);
      breakDown(accounting);
      clock.advance(Duration.ofSeconds(5));

      assertThatThrownBy(() -> accounting.begin(CALL))
          .isInstanceOf(QuotaExceededException.class)
          .hasMessageContaining("not reachable");
      recover(accounting);
    }
  }

  @Test
  final void withoutASpoolNothingIsLetInThatCouldNotBeRecorded() {
    leased(Limit.named("calls").requests(100_000).lifetime());
    try (LlmAccounting accounting = fragile(settings -> settings)) {
      lease(accounting);
      breakDown(accounting);

      assertThatThrownBy(() -> accounting.begin(CALL))
          .isInstanceOfAny(BackendException.class, QuotaExceededException.class);
      recover(accounting);
    }
  }

  @Test
  final void aRecordWhoseAnswerIsLostIsTakenOutOfTheLeaseOnce() {
    leased(Limit.named("calls").requests(100_000).lifetime());
    try (LlmAccounting accounting = fragile(settings -> settings)) {
      lease(accounting);
      LimitStatus before = status();
      LlmCall call = accounting.begin(CALL);
      store().loseNextAnswerOf(usage -> usage.id().equals(call.id()));

      call.succeeded(TokenUsage.of(1, 1));

      assertThat(status().used()).isEqualTo(before.used() + 1);
      assertThat(status().used() + status().held())
          .isGreaterThanOrEqualTo(before.used() + before.held());
    }
    assertThat(status().held()).isZero();
  }

  @Test
  final void aLeaseDoesNotReachOverTheEdgeOfAWindow() {
    leased(Limit.named("calls").requests(1_000).calendar(1, CalendarUnit.MINUTE, UTC));
    clock.advance(Duration.ofSeconds(58));
    LlmAccounting accounting = accounting();
    lease(accounting);
    LlmCall before = accounting.begin(CALL);
    clock.advance(Duration.ofSeconds(2));

    make(accounting);
    before.succeeded(TokenUsage.of(1, 1));

    assertThat(status().used()).as("of the new window").isEqualTo(1);
    assertThat(stored(before.id()).chargedAt()).isBefore(clock.instant());
    assertThat(stored(before.id()).late()).isFalse();
  }
}
