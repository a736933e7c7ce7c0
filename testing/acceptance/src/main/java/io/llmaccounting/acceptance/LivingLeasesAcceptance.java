package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.retention.RetentionPolicy;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.InMemoryStorage;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageHistory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What is done to limits and records while two processes hold leases and calls of theirs are under
 * way: no more is let in than the maximum allows, counters are what the records say, and nothing
 * stays held.
 */
public class LivingLeasesAcceptance extends AcceptanceTest {
  private static final Cost CENT = Cost.usd("0.01");
  private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final CallRequest CALL =
      CallRequest.to("m").user("alice").inputTokens(0).maxOutputTokens(0).cost(CENT);
  private static final Limit BUDGET = Limit.named("budget").cost(Cost.usd("3")).lifetime().leased();

  private final List<LlmCall> underWay = new ArrayList<>();
  private LlmAccounting other;

  private static void end(LlmCall call) {
    call.succeeded(TokenUsage.of(1, 1), CENT);
  }

  private List<HoldRecord> leases() {
    return backend().ledger().holds().stream().filter(hold -> hold.lease() != null).toList();
  }

  /** Both have a lease with room, and two calls each are under way. */
  private void live(Limit limit) {
    save(limit);
    other = another();
    for (LlmAccounting one : List.of(accounting(), other)) {
      eventually(
          "a lease with room is there",
          () -> {
            end(one.begin(CALL));
            LlmCall call = one.begin(CALL);
            boolean isLeased =
                backend().ledger().holds().stream().noneMatch(hold -> hold.id().equals(call.id()));
            if (isLeased) {
              underWay.add(call);
              underWay.add(one.begin(CALL));
            } else {
              end(call);
            }
            return isLeased;
          });
    }
  }

  private LimitStatus status() {
    return accounting().limits().status("budget").get(0);
  }

  /** Calls under way end, and both spend what is left of {@code maximum}. */
  private void allAddsUp(Cost maximum) {
    assertThat(accounting().admin().verify().differences()).isEmpty();
    underWay.forEach(LivingLeasesAcceptance::end);
    assertThat(accounting().admin().verify().differences()).isEmpty();
    List<LlmAccounting> both = List.of(accounting(), other);
    int refused = 0;
    for (int i = 0; i < 2_000 && refused < 40; i++) {
      try {
        end(both.get(i % 2).begin(CALL));
        refused = 0;
      } catch (QuotaExceededException e) {
        refused++;
        clock.advance(Duration.ofMillis(250));
      }
      if (i % 10 == 0) {
        LimitStatus now = status();
        assertThat(now.used() + now.held()).isLessThanOrEqualTo(maximum.nanos());
      }
    }
    assertThat(status().used()).isEqualTo(maximum.nanos());
    nothingIsLeft();
  }

  private void nothingIsLeft() {
    other.close();
    accounting().close();
    // the clock went on by more than a term, and threads of the machine renew in time of their own:
    // a lease may have expired before, and nobody has looked since
    assertThat(backend().ledger().holds())
        .allSatisfy(hold -> assertThat(hold.expiresAt()).isBeforeOrEqualTo(clock.instant()));
    try (LlmAccounting last = another()) {
      for (LimitStatus status : last.limits().status()) {
        assertThat(status.held()).isZero();
        assertThat(status.leased()).isZero();
      }
      assertThat(last.admin().verify().differences()).isEmpty();
    }
  }

  @Test
  final void usageIsPurged() {
    live(BUDGET);
    clock.advance(Duration.ofMillis(100));

    accounting().admin().purge(clock.instant()).evenIfCounted().run();

    assertThat(leases()).hasSize(2);
    allAddsUp(Cost.usd("3"));
  }

  @Test
  final void usageIsRetainedByPolicy() {
    track(aCall().costing("0.50"), Instant.EPOCH);
    live(BUDGET);

    accounting().admin().retain(RetentionPolicy.keepEverything().usage(Duration.ofDays(1)));

    assertThat(leases()).hasSize(2);
    allAddsUp(Cost.usd("3"));
  }

  @Test
  final void countersAreRebuilt() {
    live(BUDGET);

    accounting().admin().rebuild();

    assertThat(leases()).hasSize(2);
    allAddsUp(Cost.usd("3"));
  }

  @Test
  final void recordsArePricedAgain() {
    live(BUDGET);
    long before = status().used();

    accounting()
        .admin()
        .reprice(TimeRange.always())
        .pricedOnesToo()
        .by(call -> Optional.of(new PricedCost(Cost.usd("0.02"), "dearer")))
        .apply();

    assertThat(status().used()).isGreaterThanOrEqualTo(before);
    allAddsUp(Cost.usd("3"));
  }

  @Test
  final void thePersonWhoseLimitIsLeasedIsErased() {
    live(Limit.named("budget").eachUser().cost(Cost.usd("3")).lifetime().leased());
    underWay.forEach(LivingLeasesAcceptance::end);
    underWay.clear();
    long used = status().used();

    assertThatThrownBy(() -> accounting().admin().erase("alice").withKey(KEY).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2 slices are leased to processes")
        .hasMessageContaining("made no call for the limit's lease term");
    clock.advance(Duration.ofSeconds(6));
    eventually("idle leases are given back", () -> leases().isEmpty());
    String pseudonym = accounting().admin().erase("alice").withKey(KEY).run().pseudonym();

    assertThat(accounting().quotas().status(CALL.user(pseudonym)).get(0).used()).isEqualTo(used);
    assertThat(accounting().admin().verify().differences()).isEmpty();
    for (LlmAccounting one : List.of(accounting(), other)) {
      for (int i = 0; i < 20; i++) {
        end(one.begin(CALL));
      }
    }
    nothingIsLeft();
  }

  @Test
  final void theLimitNamesThePersonWhoIsErased() {
    live(Limit.named("budget").user("alice").cost(Cost.usd("3")).lifetime().leased());

    accounting().admin().erase("alice").withKey(KEY).run();

    assertThat(accounting().admin().verify().differences()).isEmpty();
    underWay.forEach(LivingLeasesAcceptance::end);
    for (LlmAccounting one : List.of(accounting(), other)) {
      end(one.begin(CALL));
    }
    nothingIsLeft();
  }

  @Test
  final void theWindowIsAnother() {
    live(BUDGET);

    save(Limit.named("budget").cost(Cost.usd("3")).rolling(Duration.ofDays(30)).leased());

    allAddsUp(Cost.usd("3"));
  }

  @Test
  final void whatIsCountedIsAnother() {
    live(BUDGET);

    save(Limit.named("budget").requests(200).lifetime().leased());
    underWay.forEach(LivingLeasesAcceptance::end);
    for (int i = 0; i < 20; i++) {
      end(accounting().begin(CALL));
      end(other.begin(CALL));
    }

    assertThat(status().used())
        .isEqualTo(accounting().report(TimeRange.always()).run().total().calls());
    nothingIsLeft();
  }

  @Test
  final void theLimitIsDeletedAndComesAgain() {
    live(BUDGET);

    accounting().limits().delete("budget");
    assertThat(accounting().admin().verify().differences()).isEmpty();
    end(accounting().begin(CALL));
    end(other.begin(CALL));
    save(BUDGET);

    allAddsUp(Cost.usd("3"));
  }

  @Test
  final void everythingIsExportedAndTakenInElsewhere() {
    live(BUDGET);
    try (LlmAccounting target =
        LlmAccounting.builder(InMemoryBackend.open(InMemoryStorage.create(), clock))
            .clock(clock)
            .build()) {
      List<UsageHistory> known = new ArrayList<>();
      accounting().admin().transfer().records(TimeRange.always(), UsageFilter.all(), known::add);
      accounting().limits().list().forEach(target.admin().transfer()::restore);
      target.admin().transfer().restore(known.iterator());

      LimitStatus taken = target.limits().status("budget").get(0);
      assertThat(taken.limit().leaseTerm()).isEqualTo(BUDGET.leaseTerm());
      assertThat(taken.used()).isEqualTo(status().used());
      assertThat(taken.held()).isZero();
      assertThat(target.admin().verify().differences()).isEmpty();
    }
    allAddsUp(Cost.usd("3"));
  }

  @Test
  final void recordsOfElsewhereAreTakenIn() {
    live(BUDGET);
    List<UsageHistory> known = new ArrayList<>();
    try (LlmAccounting source =
        LlmAccounting.builder(InMemoryBackend.open(InMemoryStorage.create(), clock))
            .clock(clock)
            .build()) {
      source.track().model("m").user("alice").inputTokens(1).outputTokens(1).cost(CENT).record();
      source.admin().transfer().records(TimeRange.always(), UsageFilter.all(), known::add);
    }
    long before = status().used();

    accounting().admin().transfer().restore(known.iterator());

    assertThat(status().used()).isEqualTo(before + CENT.nanos());
    allAddsUp(Cost.usd("3"));
  }
}
