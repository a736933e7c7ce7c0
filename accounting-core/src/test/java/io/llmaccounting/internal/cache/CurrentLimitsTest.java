package io.llmaccounting.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterSeed;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** faults H3: of all who find limits stale at once one asks. */
class CurrentLimitsTest {
  private static final int CALLERS = 8;

  private final ManualClock clock = ManualClock.create();
  private final Slow store = new Slow();
  private final CurrentLimits limits = new CurrentLimits(store, clock, Duration.ofSeconds(1));
  private final List<Throwable> thrown = new ArrayList<>();

  /** A store that takes its time for an answer, or for saying that it has none. */
  private static final class Slow implements LimitStore {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger loaded = new AtomicInteger();
    private volatile CountDownLatch inside = new CountDownLatch(0);
    private volatile CountDownLatch answers = new CountDownLatch(0);
    private volatile boolean isAway;

    void slow() {
      inside = new CountDownLatch(1);
      answers = new CountDownLatch(1);
    }

    private void answer() {
      inside.countDown();
      try {
        answers.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (isAway) {
        throw new BackendException(BackendException.Kind.UNREACHABLE, "nobody there");
      }
    }

    @Override
    public long revision() {
      asked.incrementAndGet();
      answer();
      return 1;
    }

    @Override
    public AllLimits load() {
      loaded.incrementAndGet();
      answer();
      return new AllLimits(1, List.of());
    }

    @Override
    public StoredLimit save(Limit limit, CounterSeed seed) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<StoredLimit> saveAll(List<Limit> all, CounterSeed seed) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean delete(String name, CounterSeed seed) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<StoredLimit> change(Function<AllLimits, LimitEdit> wish, CounterSeed seed) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void oneLoadsThemForAllWhoWait() throws Exception {
    allAtOnce();

    assertThat(store.loaded).hasValue(1);
    assertThat(thrown).isEmpty();
  }

  @Test
  void oneAsksWhetherTheyChangedForAllWhoWait() throws Exception {
    limits.fresh();
    clock.advance(Duration.ofSeconds(2));

    allAtOnce();

    assertThat(store.asked).hasValue(1);
    assertThat(thrown).isEmpty();
    clock.advance(Duration.ofSeconds(2));
    limits.fresh();
    assertThat(store.asked).hasValue(2);
  }

  @Test
  void oneFailsForAllWhoWaitAndTheNextAsksAgain() throws Exception {
    limits.fresh();
    clock.advance(Duration.ofSeconds(2));
    store.isAway = true;

    allAtOnce();

    assertThat(store.asked).hasValue(1);
    assertThat(thrown).hasSize(CALLERS).doesNotHaveDuplicates();
    assertThat(thrown).allMatch(BackendException.class::isInstance);
    store.isAway = false;
    assertThat(catchThrowable(limits::fresh)).isNull();
    assertThat(store.asked).hasValue(2);
  }

  private void allAtOnce() throws InterruptedException {
    store.slow();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Thread caller = new Thread(() -> failed(catchThrowable(limits::fresh)));
      callers.add(caller);
      caller.start();
    }
    store.inside.await();
    for (Thread caller : callers) {
      while (caller.getState() != Thread.State.WAITING) {
        Thread.yield();
      }
    }
    store.answers.countDown();
    for (Thread caller : callers) {
      caller.join();
    }
  }

  private void failed(Throwable failure) {
    if (failure != null) {
      synchronized (thrown) {
        thrown.add(failure);
      }
    }
  }
}
