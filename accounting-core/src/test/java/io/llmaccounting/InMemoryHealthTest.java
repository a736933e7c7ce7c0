package io.llmaccounting;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a metrics bridge reads; see the acceptance suites for what outages count. */
class InMemoryHealthTest extends FailingStore {
  @Test
  @DisplayName("reading K2: keys that were not understood are counted by name")
  void keysThatWereNotUnderstoodAreCounted() {
    ModelAnswer odd =
        ModelAnswer.builder()
            .tokens(TokenUsage.of(1, 2))
            .unread(List.of("moon_tokens", "x".repeat(200)))
            .build();
    TrackedCall tracked = accounting.track().model("m").answer(odd);
    tracked.record();
    tracked.record();
    try (LlmCall call = accounting.begin(CallRequest.to("m"))) {
      call.succeeded(odd);
      call.succeeded(odd);
    }
    accounting.quotas().reserve(CallRequest.to("m")).hold().orElseThrow().settle(odd);

    assertThat(accounting.health().unreadKeys())
        .isEqualTo(Map.of("moon_tokens", 3L, "x".repeat(100), 3L));
  }

  @Test
  void namesOfKeysThatWereNotUnderstoodAreBounded() {
    for (int i = 0; i < 150; i++) {
      accounting
          .track()
          .model("m")
          .answer(ModelAnswer.builder().unread(List.of("tokens_" + i)).build())
          .record();
    }

    assertThat(accounting.health().unreadKeys()).hasSize(101).containsEntry("(other)", 50L);
  }

  @Test
  void everythingBeginsAtZeroAndWell() {
    Health health = accounting.health();

    assertThat(health.counts())
        .isEqualTo(new Health.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(health.buffer()).isEqualTo(new Health.Buffer(0, 0, 0, 0));
    assertThat(health.spool()).isEqualTo(new Health.Spool(0, 0, 0, 0, null, true));
    assertThat(health.at()).isEqualTo(clock.instant());
    assertThat(health.failure()).isEmpty();
    assertThat(health.isWell()).isTrue();
  }

  @Test
  void recordsAreCountedByWhatBecameOfThem() {
    Usage usage = aCall().key("k").tokens(1, 1).costing("0.01").usage();
    accounting.track(usage);
    accounting.track(usage);
    accounting.track(aCall().usage());
    assertThatThrownBy(() -> accounting.track(aCall().key("k").tokens(2, 2).usage()))
        .isInstanceOf(UsageConflictException.class);

    Health.Counts counts = accounting.health().counts();

    assertThat(counts.recorded()).isEqualTo(2);
    assertThat(counts.duplicates()).isEqualTo(1);
    assertThat(counts.conflicts()).isEqualTo(1);
    // its caller got it as an exception
    assertThat(accounting.health().failure()).isEmpty();
    assertThat(counts.unpriced()).isEqualTo(1);
    assertThat(counts.late()).isZero();
  }

  @Test
  void anEndAfterTheHoldExpiredIsLate() {
    limit(1_000);
    HeldCall hold =
        accounting.quotas().reserve(REQUEST.holdFor(Duration.ofSeconds(5))).hold().orElseThrow();
    clock.advance(Duration.ofSeconds(6));

    hold.settle(aCall().on("m").id(hold.id()).usage());

    assertThat(accounting.health().counts().late()).isEqualTo(1);
  }

  @Test
  void aCallUnderWayThatLostItsHoldIsCountedOnce() {
    limit(1_000);
    LlmCall call = accounting.begin(REQUEST.holdFor(Duration.ofSeconds(5)));
    clock.advance(Duration.ofSeconds(6));

    call.progress(TokenUsage.of(100, 1));
    call.progress(TokenUsage.of(100, 2));

    assertThat(accounting.health().counts().expired()).isEqualTo(1);
    call.cancelled();
  }

  @Test
  void denialsAreCounted() {
    accounting.limits().save(Limit.named("none").requests(0).lifetime());
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> accounting.begin(CallRequest.to("m")))
          .isInstanceOf(QuotaExceededException.class);
    }

    assertThat(accounting.health().counts().denied()).isEqualTo(3);
  }

  @Test
  void whatAListenerThrowsIsCountedAndTold() {
    accounting =
        open(
            settings()
                .errorHandler(handled::add)
                .listener(
                    new AccountingListener() {
                      @Override
                      public void recorded(Usage usage, Receipt receipt) {
                        throw new AssertionError("the dashboard is down");
                      }
                    }));

    assertThat(accounting.track(aCall().usage())).isRecorded();

    assertThat(accounting.health().counts().contained()).isEqualTo(1);
    assertThat(accounting.health().failure().orElseThrow().error())
        .contains("the dashboard is down");
  }

  @Test
  void theLatestFailureSaysWhatItMeant() {
    goOnAfterErrors();
    backend.breakDown();
    clock.advance(Duration.ofSeconds(3));

    accounting.track(aCall().usage());

    Health health = accounting.health();
    assertThat(health.failure())
        .hasValueSatisfying(
            failure -> {
              assertThat(failure.at()).isEqualTo(clock.instant());
              assertThat(failure.consequence()).isNotBlank();
              assertThat(failure.error()).contains("BackendException");
            });
    assertThat(health.isWell()).isFalse();
  }

  @Test
  void transactionsAreCountedWithTheirSizeAndTime() {
    for (int i = 0; i < 5; i++) {
      accounting.track(aCall().usage());
    }

    Health health = accounting.health();

    assertThat(health.batchSizes()).isEqualTo(new Health.Spread(5, 5, 1, 1, 1, 1));
    assertThat(health.commitMicros().count()).isEqualTo(5);
    assertThat(health.commitMicros().sum()).isPositive();
    assertThat(health.commitMicros().p99()).isBetween(1L, health.commitMicros().largest());
  }
}
