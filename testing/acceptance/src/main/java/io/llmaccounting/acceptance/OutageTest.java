package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.health.Health;
import io.llmaccounting.testkit.InMemorySpool;
import io.llmaccounting.usage.UsageQuery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** Accountings on a store that a test breaks. What they record can be looked up behind them. */
abstract class OutageTest extends AcceptanceTest {
  final Queue<RuntimeException> handled = new ConcurrentLinkedQueue<>();
  final Queue<Health.Store> transitions = new ConcurrentLinkedQueue<>();
  private BreakableBackend store;
  private InMemorySpool inMemory;
  private BreakableSpool spool;

  /**
   * Opens the spool of the test, in memory unless the backend comes with another: empty at first,
   * and then the same whenever the same test asks again, having closed it.
   *
   * @param maxBytes what there is room for, 65,536 at least
   */
  Spool openSpool(InstantSource clock, long maxBytes) {
    return storage().openSpool(clock, maxBytes).orElseGet(() -> openInMemory(clock, maxBytes));
  }

  private Spool openInMemory(InstantSource clock, long maxBytes) {
    inMemory = inMemory == null ? InMemorySpool.create(clock) : inMemory.reopened();
    return inMemory.maxCalls(maxBytes / 1_000);
  }

  final BreakableBackend store() {
    if (store == null) {
      store = new BreakableBackend(backend());
    }
    return store;
  }

  final BreakableSpool spool() {
    if (spool == null) {
      openSpoolWithRoomFor(256L << 20);
    }
    return spool;
  }

  /** Opens a spool that is full sooner than usual. */
  final void openSpoolWithRoomFor(long maxBytes) {
    spool = new BreakableSpool(openSpool(clock, maxBytes));
  }

  /** Opens what the next process finds; nothing of the last one's may be open. */
  final void restartSpool() {
    spool().close();
    spool = null;
  }

  /** An accounting on the store that breaks; the caller closes it. */
  final LlmAccounting fragile(UnaryOperator<LlmAccountingBuilder> settings) {
    return settings.apply(watched(LlmAccounting.builder(store()))).build();
  }

  /** Whoever is built hears of failures and of the store for this test. */
  final LlmAccountingBuilder watched(LlmAccountingBuilder builder) {
    return builder
        .clock(clock)
        .expectedTokens(0, 0)
        .timeout(Duration.ofSeconds(2))
        .errorHandler(handled::add)
        .listener(
            new AccountingListener() {
              @Override
              public void storeChanged(Health.Store changed) {
                transitions.add(changed);
              }
            });
  }

  /** Breaks the store and waits until the accounting has noticed. */
  final void breakDown(LlmAccounting accounting) {
    store().breakDown();
    // asks the store, and is told nothing: a hold that cannot be given back expires
    accounting.quotas().hold(accounting.newId()).release();
    eventually("the breaker is open", () -> !isReached(accounting));
  }

  /**
   * Waits until the error handler was told, which threads of the accounting's own leave to another.
   */
  final void awaitHandler() {
    eventually("the error handler is told", () -> !handled.isEmpty());
  }

  /** Repairs the store and waits until the accounting has noticed, and has brought all to it. */
  final void recover(LlmAccounting accounting) {
    store().recover();
    eventually("the store is reached and the spool is empty", () -> accounting.health().isWell());
  }

  static boolean isReached(LlmAccounting accounting) {
    return accounting.health().store().breaker() == Health.Breaker.CLOSED;
  }

  final List<UUID> storedIds() {
    return backend().usage().latest(UsageQuery.latest(100_000)).stream()
        .map(recorded -> recorded.usage().id())
        .toList();
  }

  @AfterEach
  final void mend() {
    store().recover();
    if (spool != null) {
      spool.close();
    }
  }
}
