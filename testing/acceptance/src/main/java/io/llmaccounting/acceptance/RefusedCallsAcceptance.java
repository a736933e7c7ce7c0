package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OutagePolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * faults G4: whoever was told by an exception that a call may not go ahead leaves no hold of it.
 */
@Tag("engine")
@Timeout(60)
public class RefusedCallsAcceptance extends OutageTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").inputTokens(100).maxOutputTokens(100);
  private static final Limit WARNING =
      Limit.named("tokens").totalTokens(1_000).lifetime().warning();

  private LlmAccounting impatient(Limit limit, UnaryOperator<LlmAccountingBuilder> settings) {
    save(limit);
    LlmAccounting accounting =
        fragile(builder -> settings.apply(builder.timeout(Duration.ofMillis(500))));
    closing(accounting);
    accounting.quotas().check(REQUEST);
    return accounting;
  }

  // what undoes a hold goes before what is booked later
  private void requireNothingHeld(LlmAccounting accounting) {
    accounting.track(aCall().usage());

    assertThat(backend().ledger().holds()).isEmpty();
    clock.advance(Duration.ofMinutes(11));
    assertThat(accounting().tail()).hasSize(1);
  }

  @Test
  @DisplayName("faults G4: a call that is refused while its hold is being taken holds nothing")
  final void aCallThatIsRefusedHoldsNothing() {
    LlmAccounting accounting = impatient(WARNING, builder -> builder);
    CountDownLatch go = new CountDownLatch(1);
    store().pause(go);

    assertThatThrownBy(() -> accounting.begin(REQUEST)).isInstanceOf(BackendException.class);

    go.countDown();
    requireNothingHeld(accounting);
  }

  @Test
  @DisplayName("faults G4: nor does one whose caller does not wait")
  final void norDoesOneWhoseCallerDoesNotWait() {
    LlmAccounting accounting = impatient(WARNING, builder -> builder);
    CountDownLatch go = new CountDownLatch(1);
    store().pause(go);
    CompletableFuture<LlmCall> begun = accounting.beginAsync(REQUEST).toCompletableFuture();

    assertThat(begun)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(BackendException.class);

    go.countDown();
    requireNothingHeld(accounting);
  }

  @Test
  @DisplayName("faults G4: nor does one that the spool could not keep")
  final void norDoesOneThatTheSpoolCouldNotKeep() {
    Limit open =
        Limit.named("tokens").totalTokens(1_000).lifetime().onOutage(OutagePolicy.failOpen(1_000));
    LlmAccounting accounting = impatient(open, builder -> builder.spool(spool()));
    CountDownLatch go = new CountDownLatch(1);
    store().pause(go);
    spool().takeNothing();

    assertThatThrownBy(() -> accounting.quotas().reserve(REQUEST))
        .isInstanceOf(BackendException.class);

    go.countDown();
    requireNothingHeld(accounting);
  }

  @Test
  @DisplayName("faults G4: nor does one of which the answer was lost, once the store is back")
  final void norDoesOneOfWhichTheAnswerWasLost() {
    LlmAccounting accounting = impatient(WARNING, builder -> builder);
    store().breakDownWithNextAnswer();

    assertThatThrownBy(() -> accounting.begin(REQUEST)).isInstanceOf(BackendException.class);

    assertThat(backend().ledger().holds()).hasSize(1);
    recoverStore(accounting);
    requireNothingHeld(accounting);
  }

  @Test
  @DisplayName("faults G4: nor does one that nobody waits for, once the store is back")
  final void norDoesOneThatNobodyWaitsFor() {
    LlmAccounting accounting = impatient(WARNING, builder -> builder);
    store().breakDownWithNextAnswer();
    CompletableFuture<LlmCall> begun = accounting.beginAsync(REQUEST).toCompletableFuture();
    eventually("it is held", () -> !backend().ledger().holds().isEmpty());

    begun.cancel(false);

    recoverStore(accounting);
    requireNothingHeld(accounting);
  }

  @Test
  @DisplayName("faults G4: a hold that cannot be given back does not hold up the close")
  final void aHoldThatCannotBeGivenBackDoesNotHoldUpTheClose() {
    LlmAccounting accounting =
        impatient(WARNING, builder -> builder.closeTimeout(Duration.ofSeconds(50)));
    store().breakDownWithNextAnswer();
    assertThatThrownBy(() -> accounting.begin(REQUEST)).isInstanceOf(BackendException.class);
    breakDown(accounting);

    accounting.close();

    assertThat(store().isClosed()).isTrue();
    assertThat(handled).isEmpty();
  }

  private void recoverStore(LlmAccounting accounting) {
    store().recover();
    eventually("the breaker is closed", () -> isReached(accounting));
  }
}
