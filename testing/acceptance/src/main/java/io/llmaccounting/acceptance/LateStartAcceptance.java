package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An accounting that starts while its store is away. */
@Tag("engine")
public class LateStartAcceptance extends OutageTest {
  private static final CallRequest REQUEST = CallRequest.to("m").user("alice");
  private static final BackendException AWAY =
      new BackendException(Kind.UNAVAILABLE, "nobody listens");

  private final AtomicInteger tries = new AtomicInteger();
  private volatile RuntimeException failure = AWAY;

  private UsageBackend opened() {
    tries.incrementAndGet();
    if (failure != null) {
      throw failure;
    }
    return open(clock);
  }

  private LlmAccountingBuilder late() {
    return watched(LlmAccounting.builder(this::opened));
  }

  private void reach(LlmAccounting accounting) {
    failure = null;
    eventually("all is booked", () -> accounting.health().isWell());
  }

  @Test
  void keepsRecordsAndBooksThemOnceTheStoreIsThere() {
    save(Limit.named("two").user("alice").requests(2).lifetime());
    try (LlmAccounting accounting = late().spool(spool()).build()) {
      Health.Store away = accounting.health().store();
      assertThat(away.breaker()).isNotEqualTo(Health.Breaker.CLOSED);
      assertThat(away.reason()).isEqualTo("nobody listens");
      Receipt receipt = accounting.track(aCall().by("alice").usage());
      assertThat(receipt).hasStatus(Receipt.Status.SPOOLED);
      assertThatThrownBy(() -> accounting.begin(REQUEST))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("limits are unknown");
      assertThatThrownBy(() -> accounting.report(TimeRange.always()).run())
          .isInstanceOf(BackendException.class);

      reach(accounting);

      assertThat(storedIds()).containsExactly(receipt.id());
      assertThat(accounting.report(TimeRange.always()).run().total().calls()).isEqualTo(1);
      accounting.begin(REQUEST).succeeded(TokenUsage.of(1, 1));
      assertThatThrownBy(() -> accounting.begin(REQUEST))
          .isInstanceOf(QuotaExceededException.class);
    }
    assertThat(transitions)
        .extracting(Health.Store::breaker)
        .containsExactly(Health.Breaker.OPEN, Health.Breaker.CLOSED);
    assertThat(handled).isEmpty();
  }

  @Test
  void opensAStoreThatIsThereWhileItIsBuilt() {
    failure = null;
    try (LlmAccounting accounting = late().build()) {
      assertThat(tries).hasValue(1);
      assertThat(accounting.track(aCall().usage())).isRecorded();
    }
    assertThat(tries).hasValue(1);
    assertThat(transitions).isEmpty();
  }

  @Test
  void refusesToStartOnAStoreThatSomebodyHasToRepair() {
    failure = new BackendException(Kind.UNUSABLE, "schema x is at version 9");

    assertThatThrownBy(() -> late().spool(spool()).build()).isSameAs(failure);
  }

  @Test
  void aWrongSchemaThatShowsLaterIsToldAndNoRecordIsGivenUpForIt() {
    try (LlmAccounting accounting = late().spool(spool()).build()) {
      UUID id = accounting.track(aCall().usage()).id();
      for (RuntimeException wrong :
          List.of(
              new BackendException(Kind.UNUSABLE, "schema x is at version 9"),
              new BackendException(Kind.REJECTED, "no such folder"),
              new IllegalStateException("no driver"))) {
        failure = wrong;
        eventually(
            "it is told",
            () ->
                String.valueOf(accounting.health().store().reason()).contains(wrong.getMessage()));
      }
      assertThat(accounting.health().spool().records()).isEqualTo(1);

      reach(accounting);

      assertThat(storedIds()).containsExactly(id);
      assertThat(accounting.health().spool().deadLetters()).isZero();
    }
  }

  @Test
  void closingBeforeTheStoreWasReachedLeavesEverythingToTheNextStart() {
    UUID id;
    try (LlmAccounting accounting = late().spool(spool()).build()) {
      id = accounting.track(aCall().usage()).id();
    }
    failure = null;
    assertThat(storedIds()).isEmpty();
    restartSpool();

    try (LlmAccounting next = late().spool(spool()).build()) {
      reach(next);
    }
    assertThat(storedIds()).containsExactly(id);
  }

  @Test
  void aSpoolThatHasNeverToldHowFullItIsIsNotTakenForEmpty() {
    SpooledCall left = new SpooledCall(aCall().usage(), false, false, clock.instant());
    spool().append(List.of(left), Map.of());
    spool().breakDown();
    failure = null;
    try (LlmAccounting accounting = late().spool(spool()).build()) {
      assertThat(accounting.health().store().breaker()).isEqualTo(Health.Breaker.CLOSED);
      assertThat(accounting.health().spool().isCurrent()).isFalse();
      assertThat(accounting.health().isWell()).isFalse();

      spool().recover();

      reach(accounting);
      assertThat(storedIds()).hasSize(1);
      assertThat(accounting.health().spool().isCurrent()).isTrue();
    }
  }

  @Test
  void withoutASpoolARecordWaitsForTheStoreWithinItsTimeout() throws Exception {
    try (LlmAccounting accounting = late().timeout(Duration.ofSeconds(20)).build()) {
      CompletableFuture<Receipt> waiting =
          CompletableFuture.supplyAsync(() -> accounting.track(aCall().usage()));
      reach(accounting);

      assertThat(waiting.get(20, TimeUnit.SECONDS)).isRecorded();
    }
  }
}
