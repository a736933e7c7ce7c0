package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** faults G10: an error handler that does not return holds up no work of the accounting's own. */
@Tag("engine")
@Timeout(60)
public class HandlerAcceptance extends OutageTest {
  private static final Buffering PATIENT = Buffering.DEFAULTS.flushAt(1_000, Duration.ofMinutes(1));
  private static final CallRequest REQUEST = CallRequest.to("m").user("alice");

  private final CountDownLatch returns = new CountDownLatch(1);

  private LlmAccounting hanging(UnaryOperator<LlmAccountingBuilder> settings) {
    LlmAccounting accounting =
        fragile(
            builder ->
                settings.apply(
                    builder.errorHandler(
                        error -> {
                          handled.add(error);
                          awaitReturn();
                        })));
    closing(accounting);
    return accounting;
  }

  private void awaitReturn() {
    try {
      returns.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  final void letItReturn() {
    returns.countDown();
  }

  @Test
  @DisplayName("faults G10: holds are renewed while the error handler hangs")
  final void holdsAreRenewed() {
    LlmAccounting accounting = hanging(builder -> builder);
    LlmCall call = accounting.begin(REQUEST.holdFor(Duration.ofSeconds(60)));
    store().refuseHolds(Set.of(call.id()));
    clock.advance(Duration.ofSeconds(40));
    awaitHandler();

    store().refuseHolds(Set.of());

    eventually(
        "it is renewed",
        () ->
            backend().ledger().holds().stream()
                .allMatch(hold -> hold.expiresAt().isAfter(clock.instant().plusSeconds(59))));
    returns.countDown();
    call.cancelled();
  }

  @Test
  @DisplayName("faults G10: what waits in memory is stored while the error handler hangs")
  final void whatWaitsInMemoryIsStored() {
    store().refuse(usage -> "poison".equals(usage.attribution().user()));
    LlmAccounting accounting = hanging(builder -> builder.buffered(PATIENT));
    accounting.track(aCall().by("poison").usage());
    accounting.flush();
    awaitHandler();

    accounting.track(aCall().usage());
    accounting.flush();

    assertThat(storedIds()).hasSize(1);
  }

  @Test
  @DisplayName("faults G10: what waits in the spool is stored while the error handler hangs")
  final void whatWaitsInTheSpoolIsStored() {
    store().refuse(usage -> "poison".equals(usage.attribution().user()));
    LlmAccounting accounting = hanging(builder -> builder.spool(spool()));
    breakDown(accounting);
    accounting.track(aCall().by("poison").usage());
    recover(accounting);
    awaitHandler();

    breakDown(accounting);
    accounting.track(aCall().usage());
    recover(accounting);

    assertThat(storedIds()).hasSize(1);
  }

  @Test
  @DisplayName("faults G10: calls are booked while the error handler hangs on prices that failed")
  final void callsAreBooked() {
    LlmAccounting accounting =
        hanging(
            builder ->
                builder.pricing(
                    usage -> {
                      if (usage.model().equals("m")) {
                        throw new IllegalStateException("as the test asked");
                      }
                      return Optional.empty();
                    }));
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
    awaitHandler();

    assertThat(accounting.track(aCall().usage())).isRecorded();
  }

  @Test
  @DisplayName("faults G10: stages that the executor refuses complete while the handler hangs")
  final void stagesThatTheExecutorRefusesComplete() throws Exception {
    LlmAccounting accounting =
        hanging(
            builder ->
                builder.executor(
                    task -> {
                      throw new RejectedExecutionException("as the test asked");
                    }));

    for (int i = 0; i < 20; i++) {
      assertThat(
              accounting
                  .trackAsync(aCall().usage())
                  .toCompletableFuture()
                  .get(20, TimeUnit.SECONDS))
          .isRecorded();
    }
  }

  @Test
  @DisplayName("faults G10: an error handler may close the accounting that is closing")
  final void mayCloseTheAccountingThatIsClosing() throws Exception {
    LlmAccounting[] made = new LlmAccounting[1];
    CountDownLatch closed = new CountDownLatch(1);
    made[0] =
        fragile(
            builder ->
                builder
                    .buffered(PATIENT)
                    .closeTimeout(Duration.ofSeconds(1))
                    .continueOnError(
                        error -> {
                          made[0].close();
                          closed.countDown();
                        }));
    store().breakDown();
    made[0].track(aCall().usage());

    made[0].close();

    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
