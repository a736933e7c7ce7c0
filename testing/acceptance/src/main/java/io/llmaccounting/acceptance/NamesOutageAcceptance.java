package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** faults G1: names that cannot be looked up keep nobody waiting, and no record from being kept. */
@Tag("engine")
@Timeout(60)
public class NamesOutageAcceptance extends OutageTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final CallRequest REQUEST =
      CallRequest.to("m").user("alice").inputTokens(1).maxOutputTokens(1);

  private final List<Usage> sent = new ArrayList<>();
  private final List<CompletableFuture<Receipt>> tracked = new ArrayList<>();

  // alice is known, and whether she still is has to be asked
  private LlmAccounting strict(UnaryOperator<LlmAccountingBuilder> settings) {
    accounting().directory().addUser("alice");
    LlmAccounting accounting = fragile(builder -> settings.apply(builder.enforceNames()));
    accounting.quotas().check(REQUEST);
    clock.advance(Duration.ofSeconds(2));
    return accounting;
  }

  private void track(LlmAccounting accounting, int count) {
    for (int i = 0; i < count; i++) {
      Usage usage = aCall().by("alice").usage();
      sent.add(usage);
      tracked.add(accounting.trackAsync(usage).toCompletableFuture());
    }
  }

  private List<UUID> sentIds() {
    return sent.stream().map(Usage::id).toList();
  }

  @Test
  @DisplayName("faults G1: records reach the spool while the directory hangs")
  final void recordsReachTheSpoolWhileTheDirectoryHangs() {
    try (LlmAccounting accounting = strict(builder -> builder.spool(spool()))) {
      store().hang();

      track(accounting, 40);

      assertThat(CompletableFuture.allOf(tracked.toArray(CompletableFuture[]::new)))
          .succeedsWithin(LONG);
      assertThat(tracked)
          .allSatisfy(one -> assertThat(one.join().status()).isEqualTo(Receipt.Status.SPOOLED));
      eventually("the breaker is open", () -> !isReached(accounting));
      track(accounting, 1);
      assertThat(tracked.get(40)).succeedsWithin(LONG);
      recover(accounting);
      assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(sentIds());
    }
  }

  @Test
  @DisplayName("faults G1: who asks is told that the store does not answer")
  final void whoAsksIsToldThatTheStoreDoesNotAnswer() {
    try (LlmAccounting accounting = strict(builder -> builder)) {
      store().hang();

      assertThat(accounting.beginAsync(REQUEST).toCompletableFuture())
          .failsWithin(LONG)
          .withThrowableThat()
          .withCauseInstanceOf(BackendException.class)
          .withMessageContaining("no answer from the store");
      store().recover();
    }
  }

  @Test
  @DisplayName("faults G1: records whose names are being looked up at the close are kept")
  final void recordsWhoseNamesAreBeingLookedUpAtTheCloseAreKept() {
    LlmAccounting accounting =
        strict(builder -> builder.spool(spool()).timeout(Duration.ofSeconds(8)));
    store().hang();
    track(accounting, 40);

    accounting.close();

    assertThat(CompletableFuture.allOf(tracked.toArray(CompletableFuture[]::new)))
        .succeedsWithin(LONG);
    long spooled =
        tracked.stream().filter(one -> one.join().status() == Receipt.Status.SPOOLED).count();
    assertThat(accounting.health().spool().records()).isEqualTo(spooled);
    eventually("the others are told", () -> handled.size() >= 40 - spooled);
    assertThat(handled).hasSize(40 - (int) spooled);
  }

  @Test
  @DisplayName("faults C1: prices that hang for checks keep no record and no call waiting")
  final void pricesOfChecksKeepNobodyWaiting() {
    save(Limit.named("dollars").cost(Cost.usd("10")).lifetime());
    CountDownLatch known = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    try (LlmAccounting accounting =
        strict(
            builder ->
                builder
                    .executor(task -> new Thread(task).start())
                    .pricing(
                        call -> {
                          if (call.model().equals("slow")) {
                            asked.incrementAndGet();
                            await(known);
                          }
                          return Optional.empty();
                        }))) {
      CallRequest slow = CallRequest.to("slow").user("alice").inputTokens(1).maxOutputTokens(1);
      for (int i = 0; i < 16; i++) {
        // a caller whose names are known already is asked for prices itself
        new Thread(() -> accounting.quotas().checkAsync(slow)).start();
      }
      eventually("all ask for prices", () -> asked.get() == 16);

      track(accounting, 1);

      assertThat(tracked.get(0)).succeedsWithin(LONG);
      assertThat(accounting.beginAsync(REQUEST.cost(Cost.ZERO)).toCompletableFuture())
          .succeedsWithin(LONG);
      known.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
