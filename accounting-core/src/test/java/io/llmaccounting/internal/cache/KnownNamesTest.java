package io.llmaccounting.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Attribution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** faults H3. */
class KnownNamesTest {
  private final ManualClock clock = ManualClock.create();
  private final InMemoryBackend backend = InMemoryBackend.create(clock);

  /** A directory whose revision takes its time. */
  private record Slow(
      DirectoryStore rest, AtomicInteger asked, CountDownLatch inside, CountDownLatch answers)
      implements DirectoryStore {
    @Override
    public long revision() {
      asked.incrementAndGet();
      inside.countDown();
      try {
        answers.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return rest.revision();
    }

    @Override
    public Optional<DirectoryEntry> find(DirectoryEntry.Kind kind, String name) {
      return rest.find(kind, name);
    }

    @Override
    public List<DirectoryEntry> list(DirectoryEntry.Kind kind) {
      return rest.list(kind);
    }

    @Override
    public boolean add(DirectoryEntry entry) {
      return rest.add(entry);
    }

    @Override
    public boolean update(DirectoryEntry entry) {
      return rest.update(entry);
    }

    @Override
    public boolean rename(DirectoryEntry.Kind kind, String from, String to) {
      return rest.rename(kind, from, to);
    }

    @Override
    public boolean remove(DirectoryEntry.Kind kind, String name) {
      return rest.remove(kind, name);
    }
  }

  @Test
  @DisplayName("faults H3: of all who find names stale at once one asks for the revision")
  void oneAsksForAllWhoWait() throws Exception {
    backend.directory().add(user("ann"));
    Slow store =
        new Slow(
            backend.directory(), new AtomicInteger(), new CountDownLatch(1), new CountDownLatch(1));
    KnownNames names =
        new KnownNames(
            store,
            clock,
            Duration.ofSeconds(1),
            new Breaker(clock, Ticker.SYSTEM, new Random(1), Duration.ofSeconds(30), state -> {}));
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread caller = new Thread(() -> names.require(Attribution.NONE.withUser("ann")));
      callers.add(caller);
      caller.start();
    }
    store.inside().await();
    for (Thread caller : callers) {
      while (caller.getState() != Thread.State.WAITING) {
        Thread.yield();
      }
    }
    store.answers().countDown();
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(store.asked()).hasValue(1);
    clock.advance(Duration.ofSeconds(2));
    names.require(Attribution.NONE.withUser("ann"));
    assertThat(store.asked()).hasValue(2);
  }

  private static DirectoryEntry user(String name) {
    return new DirectoryEntry(
        DirectoryEntry.Kind.USER, name, null, null, true, Instant.EPOCH, null);
  }
}
