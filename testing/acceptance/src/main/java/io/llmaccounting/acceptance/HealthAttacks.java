package io.llmaccounting.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.TrackedCall;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.recording.Buffering.WhenFull;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageTooOldException;
import java.time.Duration;
import java.util.List;

/** What {@link HealthAcceptance} lets happen to an accounting. */
abstract class HealthAttacks extends WatchedTest<HealthAttacks> {
  private static final CallRequest REQUEST = CallRequest.to("m").user("alice");
  private static final TokenUsage SOME = TokenUsage.of(1, 1);
  private static final Cost CENT = Cost.usd("0.01");
  private static final Duration HOLD = Duration.ofSeconds(5);

  @Override
  final HealthAttacks self() {
    return this;
  }

  final void recordAgain() {
    TrackedCall call = watched().track().model("m").tokens(SOME).cost(CENT);
    call.record();
    clock.advance(Duration.ofSeconds(1));
    call.record();
  }

  final void conflict() {
    keep(call().key("k"));
    assertThatThrownBy(() -> keep(call().key("k").tokens(2, 2)))
        .isInstanceOf(UsageConflictException.class);
  }

  final void conflictGoingOn() {
    keep(call().key("k")).keep(call().key("k").tokens(2, 2));
  }

  private Usage purged() {
    Usage old = call().at(clock.instant()).usage();
    clock.advance(Duration.ofDays(60));
    accounting().admin().purge(clock.instant().minus(Duration.ofDays(30))).run();
    return old;
  }

  final void tooOld() {
    Usage old = purged();
    assertThatThrownBy(() -> watched().track(old)).isInstanceOf(UsageTooOldException.class);
  }

  final void tooOldLater() {
    watched().track(purged());
    watched().flush();
  }

  final void trackMany() {
    Usage old = purged();
    Usage known = call().key("k").at(clock.instant()).usage();
    CallFixture other = call().key("k").tokens(2, 2).at(clock.instant());
    watched().trackAll(List.of(known, old));
    watched().trackAll(List.of(known));
    watched().trackAll(List.of(other.usage()));
  }

  final void beginAgain() {
    begun(REQUEST.key("job-1")).succeeded(SOME, CENT);
    clock.advance(Duration.ofMillis(1));
    begun(REQUEST.key("job-1")).succeeded(SOME, CENT);
  }

  private LlmCall begunWithExpectation() {
    return begun(REQUEST.inputTokens(10).maxOutputTokens(10).cost(CENT));
  }

  final void figuresLater() {
    LlmCall call = begunWithExpectation();
    call.cancelled();
    call.succeeded(SOME, CENT);
  }

  final void cut() {
    LlmCall call = begun(REQUEST);
    call.textSeen(400);
    call.cancelled();
  }

  private HeldCall expiring() {
    return watched()
        .quotas()
        .reserve(REQUEST.inputTokens(10).maxOutputTokens(10).cost(CENT).holdFor(HOLD))
        .hold()
        .orElseThrow();
  }

  final void expire() {
    expiring();
    clock.advance(HOLD.plusSeconds(1));
    watched().tail();
  }

  final void endAfterExpiry() {
    HeldCall held = expiring();
    clock.advance(HOLD.plusSeconds(1));
    watched().tail();
    held.settle(call().on("m").by("alice").id(held.id()).usage());
  }

  final void modelThrows() {
    assertThatThrownBy(
            () ->
                watched()
                    .call(
                        REQUEST.inputTokens(10).maxOutputTokens(10).cost(CENT),
                        () -> {
                          throw new IllegalStateException("overloaded");
                        },
                        answer -> null))
        .hasMessage("overloaded");
  }

  final void outgrow() {
    save(Limit.named("tokens").outputTokens(100).lifetime());
    LlmCall call = begun(REQUEST.maxOutputTokens(10));
    assertThat(call.progress(TokenUsage.of(0, 200)).isAdmitted()).isFalse();
    call.succeeded(SOME, CENT);
  }

  final void contradict() {
    HeldCall held = watched().quotas().reserve(REQUEST).hold().orElseThrow();
    Usage bobs = call().on("m").by("bob").id(held.id()).usage();
    assertThatThrownBy(() -> held.settle(bobs)).isInstanceOf(IllegalArgumentException.class);
    held.release();
  }

  final void deny() {
    save(Limit.named("none").requests(0).lifetime());
    assertThatThrownBy(() -> begun(REQUEST)).isInstanceOf(QuotaExceededException.class);
  }

  final void denyOften() {
    save(Limit.named("none").requests(0).lifetime());
    open(builder -> builder.rememberDenials(Duration.ofMillis(5)));
    for (int i = 0; i < 100; i++) {
      watched().quotas().reserve(REQUEST);
    }
  }

  final void denyMany() {
    save(Limit.named("each").eachUser().requests(0).lifetime());
    open(builder -> builder.deniedSubjects(1));
    for (int i = 0; i < 4; i++) {
      watched().quotas().reserve(REQUEST.user("u" + i));
    }
  }

  final void fillMemory() {
    open(builder -> builder.buffered(PATIENT.mostRecords(1).whenFull(WhenFull.REJECT)));
    keep(call());
    assertThatThrownBy(() -> keep(call())).hasMessageContaining("buffer is full");
    watched().flush();
  }

  final void poison() {
    store().refuse(usage -> "poison".equals(usage.attribution().user()));
    trackFlushing(call().by("poison"));
  }

  final void machineError() {
    buffered().keep(call());
    store().throwOnce(new OutOfMemoryError("as the test asked"));
    watched().flush();
  }

  final void closeAway() {
    breakDown(watched());
    keep(call()).keep(call());
    Throwable unused = catchThrowable(watched()::close);
  }

  private HealthAttacks impatient() {
    return open(builder -> builder.timeout(Duration.ofMillis(500)));
  }

  final void failAway() {
    impatient().breakDown(watched());
    assertThatThrownBy(() -> keep(call())).isInstanceOf(BackendException.class);
    recover(watched());
  }

  final void goOnAway() {
    breakDown(watched());
    keep(call());
    recover(watched());
  }

  final void denyAway() {
    save(Limit.named("some").requests(10).lifetime());
    watched().quotas().check(REQUEST);
    breakDown(watched());
    assertThatThrownBy(() -> begun(REQUEST)).isInstanceOf(QuotaExceededException.class);
    recover(watched());
  }

  final void spoolAndBack() {
    spooling().breakDown(watched());
    keep(call());
    recover(watched());
  }

  final void spoolTwice() {
    spooling().breakDown(watched());
    Usage usage = call().usage();
    watched().track(usage);
    watched().track(usage);
    recover(watched());
  }

  final void buryPoison() {
    store().refuse(usage -> "poison".equals(usage.attribution().user()));
    spooling().breakDown(watched());
    keep(call().by("poison"));
    recover(watched());
  }

  final void buryConflict() {
    spooling().breakDown(watched());
    keep(call().key("k")).keep(call().key("k").tokens(2, 2));
    recover(watched());
  }

  final void buryTooOld() {
    Usage old = purged();
    spooling().breakDown(watched());
    watched().track(old);
    recover(watched());
  }

  final HealthAttacks losing() {
    watched();
    store().loseNextAnswer();
    return this;
  }

  final void loseFigures() {
    LlmCall call = begunWithExpectation();
    call.cancelled();
    store().loseNextAnswer();
    call.succeeded(SOME, CENT);
  }

  final void loseEnd() {
    LlmCall call = begun(REQUEST);
    store().loseNextAnswer();
    call.succeeded(SOME, CENT);
  }

  final void loseExpiryOfReader() {
    expiring();
    clock.advance(HOLD.plusSeconds(1));
    store().loseNextAnswer();
    watched().tail();
  }

  final void loseExpiryOfWriter() {
    expiring();
    clock.advance(HOLD.plusSeconds(1));
    store().loseNextAnswerOf(usage -> usage.outcome() == Outcome.UNFINISHED);
    keep(call());
    clock.advance(Duration.ofSeconds(2));
    keep(call());
  }

  final void loseAndSpool() {
    spooling().store().breakDownWithNextAnswer();
    keep(call());
    breakDown(watched());
    recover(watched());
  }

  final void loseAndForget() {
    impatient().store().breakDownWithNextAnswer();
    assertThatThrownBy(() -> keep(call())).isInstanceOf(BackendException.class);
    breakDown(watched());
    recover(watched());
  }

  final void missAuditEntry() {
    BreakableBackend other = new BreakableBackend(backend());
    open(builder -> builder.audit(AuditSettings.defaults().log(other.audit())));
    other.breakDown();
    watched().limits().save(Limit.named("one").requests(1).lifetime());
  }
}
