package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.TrackedCall;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a call begins, goes on and ends. */
public class CallsAcceptance extends AcceptanceTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").user("ann").inputTokens(100).maxOutputTokens(100);

  private void limit(long tokens) {
    save(Limit.named("tokens").totalTokens(tokens).calendar(1, CalendarUnit.DAY, UTC));
  }

  private Usage only() {
    assertThat(accounting().tail()).hasSize(1);
    return accounting().tail().get(0).usage();
  }

  /** Succeeded: the record says what the request, the answer and the clock said. */
  @Test
  final void aCallThatSucceeds() {
    limit(1_000);
    try (LlmCall call = accounting().begin(REQUEST.provider("openai").key("k").session("s"))) {
      assertThat(call.admission()).isAdmitted().leaves("tokens", 800);
      clock.advance(ofMillis(80));
      call.firstToken();
      clock.advance(ofMillis(560));
      assertThat(call.describe(more -> more.attempts(2)).succeeded(TokenUsage.of(90, 10)))
          .isRecorded()
          .leaves("tokens", 900);
    }

    Usage usage = only();
    assertThat(usage.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(usage.source()).isEqualTo(TokenSource.REPORTED);
    assertThat(usage.details().latency()).isEqualTo(ofMillis(640));
    assertThat(usage.details().timeToFirstToken()).isEqualTo(ofMillis(80));
    assertThat(usage.details().attempts()).isEqualTo(2);
    assertThat(usage.occurredAt()).isEqualTo(clock.instant().minusMillis(640));
    assertThat(usage.key()).isEqualTo("k");
    assertThat(usage.attribution().session()).isEqualTo("s");
    assertThat(held("tokens", aCall())).isZero();
  }

  /** An answer without usage succeeds all the same: what was held for it, not zero. */
  @Test
  final void anAnswerWithoutUsageIsEstimatedNotZero() {
    limit(1_000);
    try (LlmCall call = accounting().begin(REQUEST)) {
      call.succeeded(ModelAnswer.withoutUsage());
    }

    assertThat(only().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(only().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(only().tokens()).isEqualTo(TokenUsage.of(100, 100));
  }

  /** Failed: class and text of the error, and what was consumed before. */
  @Test
  final void aCallThatFails() {
    limit(1_000);
    try (LlmCall call = accounting().begin(REQUEST)) {
      assertThat(call.failed(new IllegalStateException("broken \u0000 pipe"))).isRecorded();
    }

    assertThat(only().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(only().details().errorType()).isEqualTo("java.lang.IllegalStateException");
    assertThat(only().details().errorMessage()).isEqualTo("broken \uFFFD pipe");
    assertThat(only().source()).isEqualTo(TokenSource.MISSING);
    assertThat(held("tokens", aCall())).isZero();
  }

  /** Cancelled: the last progress is what was consumed. */
  @Test
  final void aCancelledCallKeepsItsLastProgressAsPartial() {
    limit(1_000);
    try (LlmCall call = accounting().begin(REQUEST)) {
      call.progress(TokenUsage.of(100, 10));
      call.progress(TokenUsage.of(100, 60));
      assertThat(call.cancelled()).isRecorded().leaves("tokens", 840);
    }

    assertThat(only().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(only().source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(only().tokens()).isEqualTo(TokenUsage.of(100, 60));
  }

  /** Closed without an end: the hold is given back, and the call stays visible. */
  @Test
  final void aCallClosedWithoutAnEndIsUnfinished() {
    limit(1_000);
    List<Usage> heard = new ArrayList<>();
    LlmAccounting listened = another(settings -> settings.listener(new Unfinished(heard)));

    listened.begin(REQUEST).close();

    assertThat(only().outcome()).isEqualTo(Outcome.UNFINISHED);
    assertThat(only().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(heard).extracting(Usage::id).containsExactly(only().id());
    assertThat(held("tokens", aCall())).isZero();
    assertThat(used("tokens", aCall())).isEqualTo(200);
  }

  private record Unfinished(List<Usage> heard) implements AccountingListener {
    @Override
    public void unfinished(Usage usage) {
      heard.add(usage);
    }
  }

  /** Only the first end counts. */
  @Test
  final void aSecondEndReturnsTheFirstReceipt() {
    LlmCall call = accounting().begin(REQUEST);
    Receipt first = call.succeeded(TokenUsage.of(1, 1), Cost.usd("0.5"));

    assertThat(call.failed(new IllegalStateException("too late"))).isSameAs(first);
    assertThat(call.cancelled()).isSameAs(first);
    call.close();

    assertThat(only().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(only().givenCost()).isEqualTo(Cost.usd("0.5"));
  }

  /** An end that cannot be recorded is refused, and the call stays visible all the same. */
  @Test
  final void anEndThatIsRefusedLeavesTheCallUnfinished() {
    limit(1_000);
    try (LlmCall call = accounting().begin(REQUEST)) {
      assertThatThrownBy(() -> call.succeeded(TokenUsage.of(1, 1), Cost.usd("2000000")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cost");
    }

    assertThat(only().outcome()).isEqualTo(Outcome.UNFINISHED);
    assertThat(held("tokens", aCall())).isZero();
  }

  /** A long answer grows its hold; where there is no room the caller is told to stop. */
  @Test
  final void aStreamGrowsItsHoldUntilThereIsNoRoom() {
    limit(1_000);
    LlmCall call = accounting().begin(REQUEST);

    assertThat(call.progress(TokenUsage.of(100, 100))).isAdmitted();
    assertThat(held("tokens", aCall())).isEqualTo(200);
    assertThat(call.progress(TokenUsage.of(100, 101))).isAdmitted();
    assertThat(held("tokens", aCall())).isEqualTo(457);
    assertThat(call.progress(TokenUsage.of(100, 700))).isAdmitted();
    assertThat(held("tokens", aCall())).isEqualTo(800);
    assertThat(call.progress(TokenUsage.of(100, 901))).isDenied().byExactly("tokens").held(800);
    assertThat(held("tokens", aCall())).isEqualTo(800);

    assertThat(call.succeeded(TokenUsage.of(100, 950))).isRecorded().leaves("tokens", -50);
    assertThat(status("tokens", aCall()).overshoot()).isEqualTo(50);
  }

  /** Progress renews the hold at half of its time. */
  @Test
  final void progressRenewsTheHold() {
    limit(1_000);
    LlmCall call = accounting().begin(REQUEST.holdFor(ofSeconds(60)));
    clock.advance(ofSeconds(40));

    call.progress(TokenUsage.of(100, 1));

    clock.advance(ofSeconds(30));
    assertThat(held("tokens", aCall())).isEqualTo(200);
    call.cancelled();
    assertThat(accounting().tail().get(0).late()).isFalse();
  }

  /** A stream that outlived its hold goes on without one. */
  @Test
  final void aStreamThatLostItsHoldGoesOn() {
    limit(1_000);
    LlmCall call = accounting().begin(REQUEST.holdFor(ofSeconds(60)));
    accounting().quotas().hold(call.id()).release();
    clock.advance(ofMinutes(2));

    assertThat(call.progress(TokenUsage.of(100, 5_000))).isAdmitted();
    assertThat(call.succeeded(TokenUsage.of(100, 5_000))).isRecorded();

    assertThat(used("tokens", aCall())).isEqualTo(5_100);
    assertThat(accounting().tail().get(0).late()).isTrue();
  }

  /** Progress after the end changes nothing. */
  @Test
  final void progressAfterTheEndChangesNothing() {
    limit(1_000);
    LlmCall call = accounting().begin(REQUEST);
    call.succeeded(TokenUsage.of(1, 1));

    assertThat(call.progress(TokenUsage.of(100, 5_000))).isAdmitted();
    assertThat(used("tokens", aCall())).isEqualTo(2);
    assertThat(held("tokens", aCall())).isZero();
  }

  /** A clock that is put back while the call runs is no reason to refuse its end. */
  @Test
  final void aClockThatIsPutBackDoesNotKeepACallFromEnding() {
    limit(1_000);
    LlmCall call = accounting().begin(REQUEST);
    clock.advance(ofMinutes(-30));

    assertThat(call.succeeded(TokenUsage.of(1, 1))).isRecorded();
    assertThat(only().details().latency()).isZero();
  }

  /** faults A1: what we measure of a call is no content, so that a key makes a repetition. */
  @Test
  final void aCallRepeatedUnderItsKeyIsADuplicateHoweverLongItTook() {
    CallRequest keyed = REQUEST.key("job-1");
    LlmCall first = accounting().begin(keyed);
    clock.advance(ofMillis(3));
    first.firstToken();
    Receipt recorded = first.succeeded(TokenUsage.of(10, 10));

    LlmCall second = accounting().begin(keyed);
    clock.advance(ofMillis(4));
    second.firstToken();
    clock.advance(ofMillis(5));

    assertThat(second.succeeded(TokenUsage.of(10, 10))).isDuplicate();
    assertThat(only().id()).isEqualTo(recorded.id());
    assertThat(only().details().latency()).isEqualTo(ofMillis(3));
    assertThat(backend().ledger().holds()).isEmpty();
  }

  /** faults A1: a latency that the caller stated is content, and is kept beside what we measure. */
  @Test
  final void aLatencyThatTheCallerStatedIsContent() {
    CallRequest keyed = REQUEST.key("job-1");
    accounting()
        .begin(keyed)
        .describe(more -> more.latency(ofMillis(7)).timeToFirstToken(ofMillis(2)))
        .firstToken()
        .succeeded(TokenUsage.of(10, 10));
    LlmCall same = accounting().begin(keyed).describe(more -> more.latency(ofMillis(7)));
    LlmCall other = accounting().begin(keyed).describe(more -> more.latency(ofMillis(8)));

    assertThat(only().details().latency()).isEqualTo(ofMillis(7));
    assertThat(only().details().timeToFirstToken()).isEqualTo(ofMillis(2));
    assertThat(same.firstToken().succeeded(TokenUsage.of(10, 10))).isDuplicate();
    assertThatThrownBy(() -> other.firstToken().succeeded(TokenUsage.of(10, 10)))
        .isInstanceOf(UsageConflictException.class)
        .hasMessageContaining("latency PT0.008S, stored PT0.007S");
  }

  /** faults A3: the message says what differs, and nothing that should not be in a log. */
  @Test
  final void aConflictNamesTheFieldsThatDifferAndGivesTheHoldBack() {
    limit(1_000);
    CallRequest keyed = REQUEST.key("job-1").tag("team", "secret-team");
    accounting().begin(keyed).succeeded(TokenUsage.of(901, 10));
    LlmCall second =
        accounting().begin(keyed.user("secret-user").inputTokens(1).maxOutputTokens(1));

    assertThatThrownBy(() -> second.succeeded(TokenUsage.of(900, 10)))
        .isInstanceOf(UsageConflictException.class)
        .hasMessageContaining("inputTokens 900, stored 901")
        .hasMessageContaining("user")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("outputTokens")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    assertThat(held("tokens", aCall())).isZero();
  }

  /** faults A2: recording again, for instance after an error, is recording the same call. */
  @Test
  final void aTrackedCallRecordedAgainIsTheSameCall() {
    TrackedCall call = accounting().track().model("m").inputTokens(5);
    Receipt first = call.record();
    clock.advance(ofMillis(5));

    assertThat(call.record()).isDuplicate();
    assertThat(only().id()).isEqualTo(first.id());
  }

  /** faults A7: where there is no room to grow comfortably, what is needed is asked for. */
  @Test
  final void aStreamGoesOnUntilTheLimitIsReachedExactly() {
    save(Limit.named("output").outputTokens(10_000).lifetime());
    LlmCall call = accounting().begin(CallRequest.to("m").inputTokens(0).maxOutputTokens(100));

    for (int output = 100; output <= 10_000; output += 100) {
      assertThat(call.progress(TokenUsage.of(0, output))).isAdmitted();
    }

    assertThat(call.progress(TokenUsage.of(0, 10_001))).isDenied().byExactly("output");
    assertThat(accounting().admin().denials(TimeRange.last(ofMinutes(5))))
        .singleElement()
        .satisfies(denial -> assertThat(denial.count()).isEqualTo(1));
    call.succeeded(TokenUsage.of(0, 10_000));
  }

  /** faults A7: a cost was stated for a size; a call that outgrows it costs more. */
  @Test
  final void aStatedCostGrowsWithTheAnswer() {
    LlmAccounting priced =
        another(
            settings ->
                settings
                    .expectedTokens(1_000, 1_000)
                    .pricing(
                        call ->
                            Optional.of(
                                new PricedCost(
                                    Cost.ofNanos(call.tokens().output() * 10_000), "row"))));
    save(Limit.named("dollar").cost(Cost.usd("1")).lifetime());
    CallRequest stated = CallRequest.to("m").cost(Cost.usd("0.001"));

    LlmCall call = priced.begin(stated);
    LlmCall unpriced = another(s -> s.expectedTokens(1_000, 1_000)).begin(stated);

    assertThat(call.progress(TokenUsage.of(1_000, 900_000))).isDenied().byExactly("dollar");
    assertThat(unpriced.progress(TokenUsage.of(1_000, 1_900_000))).isAdmitted();
    assertThat(unpriced.progress(TokenUsage.of(1_000, 2_000_000))).isDenied().byExactly("dollar");
    call.succeeded(TokenUsage.of(1_000, 1_000), Cost.usd("0.001"));
    unpriced.succeeded(TokenUsage.of(1_000, 1_000), Cost.usd("0.001"));
  }
}
