package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.Ledger;
import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.LeaseClock;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.UsageQuery;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** A group commit on a backend in memory, for tests of what works with one. It never pauses. */
public final class RunningLedger implements AutoCloseable {
  /** Longer than any test takes. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  public final ManualClock clock = ManualClock.create();
  public final InMemoryBackend backend = InMemoryBackend.create(clock);
  public final Meters meters = new Meters(clock);
  public final Breaker breaker =
      new Breaker(clock, Ticker.SYSTEM, new Random(1), PATIENCE, store -> {});
  public final Queue<RuntimeException> told = new ConcurrentLinkedQueue<>();
  public final Failures failures = new Failures(ErrorPolicy.CONTINUE, told::add, meters, clock);
  public final CurrentLimits limits =
      new CurrentLimits(backend.limits(), clock, Duration.ofSeconds(1));
  public final Balances balances =
      new Balances(new LeaseClock(System::nanoTime, clock), UUID::randomUUID);
  public final GroupCommit commits;

  public RunningLedger() {
    this(UnaryOperator.identity());
  }

  /** Books with what {@code wrapping} makes of the ledger in memory. */
  RunningLedger(UnaryOperator<Ledger> wrapping) {
    this.commits =
        new GroupCommit(
            new Transactions(wrapping.apply(backend.ledger()), limits, new Refusals(10), balances),
            new AfterCommit(
                meters,
                alerts -> {},
                new Expiry(usage -> usage, calls -> {}, error -> {}),
                told::add),
            breaker,
            new Callers(
                PATIENCE, new OwnWork(), new Handoff(Handoff.common(), error -> {}, () -> {})),
            () -> new Pause(new Random(1), nanos -> {}));
  }

  /** The calls that are stored, oldest first. */
  public List<UUID> stored() {
    List<UUID> latestFirst =
        backend.usage().latest(UsageQuery.latest(10_000)).stream()
            .map(recorded -> recorded.usage().id())
            .toList();
    return latestFirst.stream().sorted().toList();
  }

  @Override
  public void close() {
    commits.close(PATIENCE);
    backend.close();
  }
}
