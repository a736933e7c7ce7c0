package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.health.Health;
import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * faults G10: whatever is thrown on a thread of the accounting, by the application's own code or by
 * the store, is told and counted, and the thread goes on; and what is left at the end adds up.
 */
@Tag("engine")
public class ThreadsAcceptance extends OutageTest {
  private static final Buffering PATIENT = Buffering.DEFAULTS.flushAt(1_000, Duration.ofMinutes(1));
  private static final CallRequest REQUEST = CallRequest.to("m").user("alice");
  private static final TokenUsage SOME = TokenUsage.of(1, 1);

  /** What Java code, the machine, and other languages throw. */
  private enum Thrown {
    RUNTIME(new IllegalStateException("as the test asked")),
    ASSERTION(new AssertionError("as the test asked")),
    LINKAGE(new NoClassDefFoundError("as the test asked")),
    STACK(new StackOverflowError("as the test asked")),
    HEAP(new OutOfMemoryError("as the test asked")),
    CHECKED(new IOException("as the test asked"));

    private final Throwable error;

    Thrown(Throwable error) {
      this.error = error;
    }

    void now() {
      WatchedTest.<RuntimeException>sneak(error);
    }
  }

  private static long contained(LlmAccounting accounting) {
    return accounting.health().counts().contained();
  }

  private static String failure(LlmAccounting accounting) {
    return accounting.health().failure().orElseThrow().toString();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("faults G10: the thread of events goes on after a listener")
  final void theThreadOfEventsGoesOn(Thrown thrown) {
    save(Limit.named("calls").eachUser().requests(2).lifetime().alertingAt(50));
    AtomicInteger heard = new AtomicInteger();
    AccountingListener listener =
        new AccountingListener() {
          @Override
          public void alerted(Alert alert) {
            if (heard.getAndIncrement() == 0) {
              thrown.now();
            }
          }
        };
    try (LlmAccounting accounting = fragile(builder -> builder.listener(listener))) {
      accounting.track(aCall().by("a").usage());
      eventually("it is told", () -> contained(accounting) == 1);
      assertThat(failure(accounting)).contains("listener", "as the test asked");

      accounting.track(aCall().by("b").usage());

      eventually("the next is delivered", () -> heard.get() >= 2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STACK", "CHECKED"})
  @DisplayName("faults G10: chores go on after an error handler and after the store")
  final void choresGoOn(Thrown thrown) {
    save(Limit.named("calls").requests(1_000).lifetime());
    try (LlmAccounting accounting =
        fragile(
            builder ->
                builder.errorHandler(
                    error -> {
                      handled.add(error);
                      thrown.now();
                    }))) {
      var call = accounting.begin(REQUEST.holdFor(Duration.ofSeconds(60)));
      store().refuseHolds(Set.of(call.id()));
      clock.advance(Duration.ofSeconds(40));
      // each time, the handler's own failure is counted beside what it was told of
      eventually("it is told again and again", () -> contained(accounting) >= 4);
      assertThat(handled).hasSizeGreaterThanOrEqualTo(2);

      store().refuseHolds(Set.of());

      eventually(
          "it is renewed",
          () ->
              accounting.admin().openHolds().stream()
                  .anyMatch(hold -> hold.expiresAt().isAfter(hold.admittedAt().plusSeconds(61))));
      call.succeeded(SOME);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("faults G10: the thread of the buffer goes on after an error handler")
  final void theThreadOfTheBufferGoesOn(Thrown thrown) {
    store().refuse(usage -> "poison".equals(usage.attribution().user()));
    try (LlmAccounting accounting =
        fragile(
            builder ->
                builder
                    .buffered(PATIENT)
                    .errorHandler(
                        error -> {
                          handled.add(error);
                          thrown.now();
                        }))) {
      accounting.track(aCall().by("poison").usage());
      accounting.track(aCall().usage());
      accounting.flush();
      accounting.track(aCall().usage());
      accounting.flush();

      assertThat(storedIds()).hasSize(2);
      eventually("the handler has failed", () -> contained(accounting) == 2);
      Health.Counts counts = accounting.health().counts();
      assertThat(List.of(counts.recorded(), counts.lost())).containsExactly(2L, 1L);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("faults G10: the thread of the replay goes on after an error handler")
  final void theThreadOfTheReplayGoesOn(Thrown thrown) {
    store().refuse(usage -> "poison".equals(usage.attribution().user()));
    try (LlmAccounting accounting =
        fragile(
            builder ->
                builder
                    .spool(spool())
                    .errorHandler(
                        error -> {
                          handled.add(error);
                          thrown.now();
                        }))) {
      breakDown(accounting);
      accounting.track(aCall().by("poison").usage());
      accounting.track(aCall().usage());
      recover(accounting);

      eventually("both are told", () -> contained(accounting) >= 2);
      assertThat(storedIds()).hasSize(1);
      assertThat(accounting.health().counts().deadLettered()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("faults G10: prices that fail for an expired hold fail for nobody else")
  final void theThreadOfTheLedgerGoesOn(Thrown thrown) {
    try (LlmAccounting accounting =
        fragile(
            builder ->
                builder.pricing(
                    usage -> {
                      if (usage.model().equals("m")) {
                        thrown.now();
                      }
                      return Optional.empty();
                    }))) {
      accounting
          .quotas()
          .reserve(
              REQUEST
                  .inputTokens(1)
                  .maxOutputTokens(1)
                  .cost(Cost.ZERO)
                  .holdFor(Duration.ofSeconds(5)));
      clock.advance(Duration.ofSeconds(6));
      accounting.tail();

      assertThat(accounting.track(aCall().usage())).isRecorded();
      Health.Counts counts = accounting.health().counts();
      assertThat(List.of(counts.recorded(), counts.expired())).containsExactly(2L, 1L);
      assertThat(failure(accounting)).contains("could not be computed", "as the test asked");
      awaitHandler();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("faults G10: the thread of denials goes on after a redactor")
  final void theThreadOfDenialsGoesOn(Thrown thrown) {
    save(Limit.named("none").requests(0).lifetime());
    AtomicInteger texts = new AtomicInteger();
    AuditSettings audit =
        AuditSettings.defaults()
            .log(backend().audit())
            .denials()
            .redact(
                text -> {
                  if (texts.getAndIncrement() == 0) {
                    thrown.now();
                  }
                  return text;
                });
    try (LlmAccounting accounting = fragile(builder -> builder.audit(audit))) {
      accounting.quotas().reserve(REQUEST);
      accounting.quotas().reserve(REQUEST);
      accounting.audit().flush();

      assertThat(accounting.quotas().reserve(REQUEST).decision()).isDenied();
      accounting.audit().flush();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("faults G10: an asynchronous call is answered whatever its usage cannot be read for")
  final void anAsynchronousCallIsAnswered(Thrown thrown) throws Exception {
    try (LlmAccounting accounting = fragile(builder -> builder)) {
      CompletionStage<String> asked =
          accounting.callAsync(
              REQUEST,
              () -> CompletableFuture.completedFuture("answer"),
              answer -> {
                thrown.now();
                return ModelAnswer.of(SOME);
              });

      ExecutionException failure =
          catchThrowableOfType(
              ExecutionException.class,
              () -> asked.toCompletableFuture().get(20, TimeUnit.SECONDS));
      assertThat(failure.getCause())
          .isInstanceOfSatisfying(
              AnswerNotRecordedException.class,
              kept -> assertThat(kept.answer()).isEqualTo("answer"));
    }
  }

  @Test
  @DisplayName("faults G10: at the end of an outage's process the spool takes what it has room for")
  final void closingSpoolsWhatFits() {
    openSpoolWithRoomFor(65_536);
    LlmAccounting accounting =
        fragile(
            builder ->
                builder
                    .buffered(PATIENT)
                    .spool(spool())
                    .timeout(Duration.ofMillis(500))
                    .closeTimeout(Duration.ofMillis(500)));
    breakDown(accounting);
    for (int i = 0; i < 400; i++) {
      accounting.track(aCall().usage());
    }

    UsageLostException lost = catchThrowableOfType(UsageLostException.class, accounting::close);

    Health health = accounting.health();
    Health.Counts counts = health.counts();
    assertThat(counts.spooled()).isPositive();
    assertThat(counts.lost()).isPositive().isEqualTo(lost.count());
    assertThat(counts.spooled() + counts.lost()).isEqualTo(400);
    assertThat(counts.rejected()).as("no caller was refused").isZero();
    assertThat(health.spool().records()).isEqualTo(counts.spooled());
  }

  @Test
  @DisplayName("faults G10: what a full spool does not take yet is not counted as refused")
  final void whatWaitsForTheSpoolIsNotRefused() {
    openSpoolWithRoomFor(65_536);
    try (LlmAccounting accounting = fragile(builder -> builder.buffered(PATIENT).spool(spool()))) {
      spool().takeNothing();
      breakDown(accounting);
      accounting.track(aCall().usage());
      assertThatThrownBy(accounting::flush).hasMessageContaining("1 record not stored");

      spool().freeDisk();
      recover(accounting);
      accounting.flush();

      Health.Counts counts = accounting.health().counts();
      assertThat(List.of(counts.rejected(), counts.lost())).containsExactly(0L, 0L);
      assertThat(storedIds()).hasSize(1);
    }
  }

  @Test
  @DisplayName("faults G10: after an orderly end health shows what the spool keeps, and no failure")
  final void healthAfterTheEnd() {
    LlmAccounting accounting = fragile(builder -> builder.spool(spool()));
    // not in the middle of the outage
    eventually("alerts were looked for", store()::wasAskedForAlerts);
    breakDown(accounting);
    accounting.track(aCall().usage());
    accounting.close();

    assertThat(accounting.health().spool().records()).isEqualTo(1);
    assertThat(accounting.health().failure()).isEmpty();
    assertThat(contained(accounting)).isZero();
  }

  @Test
  @DisplayName("faults G10: denials from memory that cannot be counted at the end are told")
  final void uncountedDenialsAreTold() {
    save(Limit.named("none").requests(0).lifetime());
    LlmAccounting accounting =
        fragile(
            builder ->
                builder
                    .rememberDenials(Duration.ofMillis(5))
                    .continueOnError(handled::add)
                    .timeout(Duration.ofMillis(500)));
    for (int i = 0; i < 1_000; i++) {
      accounting.quotas().reserve(REQUEST);
    }
    breakDown(accounting);

    accounting.close();

    long counted =
        backend().ledger().denials(TimeRange.always()).stream().mapToLong(DenialCount::count).sum();
    assertThat(accounting.health().counts().denied()).isEqualTo(1_000);
    assertThat(counted == 1_000 || contained(accounting) > 0).isTrue();
  }
}
