package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.internal.lease.Balances;
import io.llmaccounting.internal.lease.LeaseClock;
import io.llmaccounting.internal.quota.LimitSeed;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** faults H5. */
class GroupCommitTest {
  private final ManualClock clock = ManualClock.create();
  private final InMemoryBackend backend = InMemoryBackend.create(clock);
  private final Queue<Long> pauses = new ConcurrentLinkedQueue<>();
  private GroupCommit commits;

  /** Limits as a replica tells them that is so many loads behind. */
  private static final class Replica implements LimitStore {
    private final LimitStore primary;
    private final AtomicInteger behind = new AtomicInteger();
    private AllLimits old;

    Replica(LimitStore primary) {
      this.primary = primary;
      this.old = primary.load();
    }

    void fallBehind(int loads) {
      old = primary.load();
      behind.set(loads);
    }

    @Override
    public long revision() {
      return primary.revision();
    }

    @Override
    public AllLimits load() {
      return behind.getAndDecrement() > 0 ? old : primary.load();
    }

    @Override
    public StoredLimit save(Limit limit, CounterSeed seed) {
      return primary.save(limit, seed);
    }

    @Override
    public List<StoredLimit> saveAll(List<Limit> limits, CounterSeed seed) {
      return primary.saveAll(limits, seed);
    }

    @Override
    public boolean delete(String name, CounterSeed seed) {
      return primary.delete(name, seed);
    }

    @Override
    public List<StoredLimit> change(Function<AllLimits, LimitEdit> wish, CounterSeed seed) {
      return primary.change(wish, seed);
    }
  }

  private Replica start() {
    Replica replica = new Replica(backend.limits());
    commits =
        new GroupCommit(
            new Transactions(
                backend.ledger(),
                new CurrentLimits(replica, clock, Duration.ofSeconds(1)),
                new Refusals(10),
                new Balances(new LeaseClock(System::nanoTime, clock), () -> new UUID(1, 1))),
            new AfterCommit(
                new Meters(clock),
                alerts -> {},
                new Expiry(usage -> usage, calls -> {}, error -> {}),
                error -> {}),
            new Breaker(clock, Ticker.SYSTEM, new Random(1), Duration.ofSeconds(30), store -> {}),
            new Callers(
                Duration.ofSeconds(30),
                new OwnWork(),
                new Handoff(Handoff.common(), error -> {}, () -> {})),
            () -> new Pause(new Random(1), pauses::add));
    return replica;
  }

  @AfterEach
  void close() {
    assertThat(commits.close(Duration.ofSeconds(30))).isTrue();
    backend.close();
  }

  private void book() {
    assertThat(commits.book(new ReleaseOperation(new UUID(0, 1)))).isFalse();
  }

  @Test
  @DisplayName("faults H5: limits that were changed are loaded anew at once")
  void changedLimitsAreLoadedAtOnce() {
    start();
    book();
    backend.limits().save(Limit.named("new").requests(1).lifetime(), LimitSeed.SEED);

    book();

    assertThat(pauses).isEmpty();
  }

  @Test
  @DisplayName("faults H5: limits that are read where changes arrive later are asked for in peace")
  void limitsOfALaggingReplicaAreAskedForInPeace() {
    Replica replica = start();
    book();
    replica.fallBehind(14);
    backend.limits().save(Limit.named("new").requests(1).lifetime(), LimitSeed.SEED);

    book();

    assertThat(pauses).hasSize(14);
    List<Long> taken = List.copyOf(pauses);
    assertThat(taken.get(0)).isBetween(2_500_000L, 7_500_000L);
    assertThat(taken.subList(7, 14)).allMatch(nanos -> nanos >= 250_000_000L);
    assertThat(taken).allMatch(nanos -> nanos < 750_000_000L);
  }
}
