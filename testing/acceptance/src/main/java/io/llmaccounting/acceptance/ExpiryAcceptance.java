package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** faults A5: a call whose process died is found by whoever looks next, without any job. */
@DisplayName("faults A5: expired holds become visible")
public class ExpiryAcceptance extends AcceptanceTest {
  private static final Duration LIVES = Duration.ofMinutes(2);
  private static final CallRequest REQUEST =
      CallRequest.to("m")
          .provider("openai")
          .user("ann")
          .project("search")
          .inputTokens(100)
          .maxOutputTokens(300)
          .holdFor(LIVES);

  private UUID dead(CallRequest request) {
    return accounting().quotas().reserve(request).hold().orElseThrow().id();
  }

  private void limits() {
    save(Limit.named("tokens").totalTokens(100_000).lifetime());
    save(Limit.named("requests").requests(100).lifetime());
  }

  private UsageTotals total() {
    return accounting().report(TimeRange.always()).run().total();
  }

  private void requireUnfinished(UUID id) {
    RecordedUsage record = stored(id);
    assertThat(record.usage().outcome()).isEqualTo(Outcome.UNFINISHED);
    assertThat(record.usage().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(record.usage().tokens()).isEqualTo(TokenUsage.of(100, 300));
    assertThat(record.late()).isTrue();
    assertThat(backend().ledger().holds()).extracting(hold -> hold.id()).doesNotContain(id);
  }

  @Test
  final void aReportShowsACallWhoseProcessDied() {
    limits();
    UUID id = dead(REQUEST.operation("chat").serviceTier("flex").region("eu").throughBatch());
    clock.advance(LIVES.minusSeconds(1));
    assertThat(total().calls()).isZero();

    clock.advance(Duration.ofSeconds(2));

    assertThat(total().unfinished()).isEqualTo(1);
    assertThat(total().estimated()).isEqualTo(1);
    requireUnfinished(id);
    Usage usage = stored(id).usage();
    assertThat(usage.provider()).isEqualTo("openai");
    assertThat(usage.operation()).isEqualTo("chat");
    assertThat(usage.details().serviceTier()).isEqualTo("flex");
    assertThat(usage.details().region()).isEqualTo("eu");
    assertThat(usage.details().batch()).isTrue();
    assertThat(usage.attribution().user()).isEqualTo("ann");
    assertThat(stored(id).chargedAt()).isEqualTo(stored(id).usage().occurredAt());
    assertThat(used("tokens", aCall())).isEqualTo(400);
    assertThat(held("tokens", aCall())).isZero();
    assertThat(used("requests", aCall())).isEqualTo(1);
    assertThat(accounting().health().counts().expired()).isEqualTo(1);
  }

  @Test
  @DisplayName("faults C3: a writer that meets an expired hold books it and removes its row")
  final void whoeverWritesNextBooksIt() {
    limits();
    UUID id = dead(REQUEST);
    clock.advance(LIVES.plusSeconds(1));
    LlmAccounting other = another();

    other.track().model("another").record();

    requireUnfinished(id);
    assertThat(other.health().counts().expired()).isEqualTo(1);
    assertThat(accounting().health().counts().expired()).isZero();
    assertThat(used("tokens", aCall())).isEqualTo(400);
    total();
    assertThat(accounting().health().counts().expired()).isZero();
  }

  /** What was promised in a denial holds: room that expires is there when it expires. */
  @Test
  final void whoeverAsksFirstGetsTheRoom() {
    save(Limit.named("tokens").totalTokens(400).lifetime());
    UUID id = dead(REQUEST);
    assertThat(accounting().quotas().check(REQUEST)).isDenied();
    clock.advance(LIVES.plusSeconds(1));

    HeldCall next = accounting().quotas().reserve(REQUEST).hold().orElseThrow();

    requireUnfinished(id);
    assertThat(status("tokens", aCall()).used()).isEqualTo(400);
    assertThat(status("tokens", aCall()).held()).isEqualTo(400);
    assertThat(accounting().quotas().reserve(REQUEST).decision()).isDenied();
    next.release();
  }

  @Test
  final void aLateEndReplacesTheEstimate() {
    limits();
    UUID id = dead(REQUEST.key("job-1").operation("chat"));
    clock.advance(LIVES.plusSeconds(1));
    assertThat(total().estimated()).isEqualTo(1);

    Receipt receipt = another().quotas().hold(id).settle(ModelAnswer.of(TokenUsage.of(90, 10)));

    assertThat(receipt.status()).isEqualTo(Receipt.Status.SUPERSEDED);
    assertThat(total().calls()).isEqualTo(1);
    assertThat(total().unfinished()).isZero();
    assertThat(total().estimated()).isZero();
    assertThat(used("tokens", aCall())).isEqualTo(100);
    assertThat(used("requests", aCall())).isEqualTo(1);
    assertThat(backend().usage().findByKey("search", "job-1")).isPresent();
  }

  @Test
  final void aCallThatGoesOnAfterItsHoldExpiredIsOneCall() {
    limits();
    LlmCall call = accounting().begin(REQUEST.operation("chat"));
    clock.advance(LIVES.plusSeconds(1));
    assertThat(another().tail()).hasSize(1);

    assertThat(call.succeeded(TokenUsage.of(90, 10), Cost.usd("0.1")).status())
        .isEqualTo(Receipt.Status.SUPERSEDED);

    assertThat(total().calls()).isEqualTo(1);
    assertThat(total().cost()).isEqualTo(Cost.usd("0.1"));
    assertThat(used("tokens", aCall())).isEqualTo(100);
  }

  @Test
  final void anEndThatIsTheFirstToMeetItsHoldIsRecordedAsEver() {
    limits();
    LlmCall call = accounting().begin(REQUEST);
    clock.advance(LIVES.plusSeconds(1));

    assertThat(call.succeeded(TokenUsage.of(90, 10))).isRecorded();

    assertThat(total().unfinished()).isZero();
    assertThat(accounting().health().counts().expired()).isZero();
  }

  @Test
  final void ofManyWhoSeeItOneBooksIt() throws Exception {
    limits();
    for (int i = 0; i < 70; i++) {
      dead(REQUEST);
    }
    clock.advance(LIVES.plusSeconds(1));
    List<Thread> threads = new ArrayList<>();
    List<LlmAccounting> processes = List.of(another(), another(), another());
    for (LlmAccounting process : processes) {
      Thread thread = new Thread(() -> process.report(TimeRange.always()).run());
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(total().unfinished()).isEqualTo(70);
    assertThat(used("tokens", aCall())).isEqualTo(70 * 400);
    assertThat(used("requests", aCall())).isEqualTo(70);
    assertThat(
            processes.stream().mapToLong(process -> process.health().counts().expired()).sum()
                + accounting().health().counts().expired())
        .isEqualTo(70);
  }

  @Test
  final void aSecondAttemptUnderTheKeyOfARecordIsNoCallOfItsOwn() {
    limits();
    UUID first = dead(REQUEST.key("job"));
    UUID second = dead(REQUEST.key("job"));
    UUID third = dead(REQUEST.key("done"));
    accounting().begin(REQUEST.key("done")).succeeded(TokenUsage.of(1, 1));
    clock.advance(LIVES.plusSeconds(1));

    assertThat(total().calls()).isEqualTo(2);

    assertThat(total().unfinished()).isEqualTo(1);
    assertThat(backend().usage().findByKey("search", "job").orElseThrow().usage().id())
        .isIn(first, second);
    assertThat(backend().usage().find(third)).isEmpty();
    assertThat(backend().ledger().holds()).isEmpty();
    assertThat(used("tokens", aCall())).isEqualTo(402);
  }

  @Test
  final void itIsPricedAndItsCostCounts() {
    save(Limit.named("dollars").cost(Cost.usd("10")).lifetime());
    LlmAccounting priced = another(settings -> settings.pricing(ExpiryAcceptance::ofOutput));
    UUID computed = priced.quotas().reserve(REQUEST).hold().orElseThrow().id();
    UUID said = dead(REQUEST.cost(Cost.usd("0.25")));
    clock.advance(LIVES.plusSeconds(1));

    priced.tail();

    assertThat(stored(computed).cost()).contains(Cost.ofNanos(300));
    assertThat(stored(said).cost()).isPresent();
    assertThat(used("dollars", aCall()))
        .isEqualTo(
            stored(computed).cost().orElseThrow().nanos()
                + stored(said).cost().orElseThrow().nanos());
  }

  @Test
  @DisplayName("faults A5: prices that fail for one call keep no other call from being booked")
  final void pricesThatFailDelayNoCall() {
    save(Limit.named("dollars").cost(Cost.usd("1000")).lifetime());
    LlmAccounting priced = another(settings -> settings.pricing(ExpiryAcceptance::ofOutput));
    for (int i = 0; i < LedgerBatch.EXPIRED_AT_ONCE; i++) {
      priced.quotas().reserve(REQUEST);
    }
    clock.advance(Duration.ofSeconds(1));
    UUID other = priced.quotas().reserve(REQUEST.operation("chat")).hold().orElseThrow().id();
    LlmAccounting failing =
        another(
            settings ->
                settings.pricing(
                    call -> {
                      throw new IllegalStateException("no prices");
                    }));
    clock.advance(LIVES.plusSeconds(2));

    failing.tail();

    requireUnfinished(other);
    assertThat(stored(other).cost()).contains(Cost.ofNanos(300));
    assertThat(backend().ledger().holds()).isEmpty();
    assertThat(used("dollars", aCall())).isEqualTo(300L * (LedgerBatch.EXPIRED_AT_ONCE + 1));
    assertThat(failing.health().counts().contained()).isPositive();
  }

  private static Optional<PricedCost> ofOutput(PricedCall call) {
    return Optional.of(new PricedCost(Cost.ofNanos(call.tokens().output()), "p"));
  }

  @Test
  final void aHoldThatExpectedNothingIsMissingAndCountsAsARequest() {
    limits();
    UUID id = dead(CallRequest.to("m").inputTokens(0).maxOutputTokens(0).holdFor(LIVES));
    clock.advance(LIVES.plusSeconds(1));

    assertThat(total().missing()).isEqualTo(1);

    assertThat(stored(id).usage().source()).isEqualTo(TokenSource.MISSING);
    assertThat(used("requests", aCall())).isEqualTo(1);
  }

  @Test
  final void itCountsOnLimitsOfToday() {
    UUID id = dead(REQUEST);
    save(Limit.named("later").totalTokens(10_000).lifetime());
    clock.advance(LIVES.plusSeconds(1));
    save(Limit.named("latest").totalTokens(10_000).lifetime());

    total();

    requireUnfinished(id);
    assertThat(used("later", aCall())).isEqualTo(400);
    assertThat(used("latest", aCall())).isEqualTo(400);
  }

  @Test
  final void listenersHearOfIt() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    List<UUID> ids = new ArrayList<>();
    LlmAccounting listened =
        another(
            settings ->
                settings.listener(
                    new AccountingListener() {
                      @Override
                      public void unfinished(Usage usage) {
                        ids.add(usage.id());
                        heard.countDown();
                      }
                    }));
    UUID id = dead(REQUEST);
    clock.advance(LIVES.plusSeconds(1));

    listened.track().model("m").record();

    assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(ids).containsExactly(id);
  }
}
