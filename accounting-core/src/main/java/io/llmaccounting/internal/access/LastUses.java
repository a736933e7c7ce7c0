package io.llmaccounting.internal.access;

import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.internal.calls.Chores;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures.Consequence;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Notes when keys were last used, and writes it down now and then: a call waits for none of it.
 * What a process that is killed has not written is lost. Safe for use by many threads.
 */
public final class LastUses {
  static final long WRITE_MILLIS = 30_000;
  private static final int AT_ONCE = 1_000;
  // uses of further keys are noted once these are written
  private static final int MOST = 100_000;

  private final AccessKeyStore store;
  private final Breaker breaker;
  private final Chores chores;
  private final long everyMillis;
  private final AtomicBoolean started = new AtomicBoolean();
  private final ConcurrentMap<UUID, Instant> noted = new ConcurrentHashMap<>();

  /**
   * Writes to {@code store} each time that {@code everyMillis} have passed, once there is a use.
   */
  public LastUses(AccessKeyStore store, Breaker breaker, Chores chores, long everyMillis) {
    this.store = store;
    this.breaker = breaker;
    this.chores = chores;
    this.everyMillis = everyMillis;
  }

  /** Notes that a key was used. */
  public void note(UUID key, Instant at) {
    if (noted.size() < MOST || noted.containsKey(key)) {
      noted.merge(key, at, (one, other) -> one.isAfter(other) ? one : other);
    }
    if (!started.get() && started.compareAndSet(false, true)) {
      chores.every(
          everyMillis,
          Consequence.USES_NOT_WRITTEN,
          () -> CompletableFuture.completedFuture(write()));
    }
  }

  /** Writes what is noted; what could not be written stays noted. */
  boolean write() {
    Iterator<Map.Entry<UUID, Instant>> uses = noted.entrySet().iterator();
    while (uses.hasNext()) {
      Map<UUID, Instant> some = new HashMap<>();
      while (uses.hasNext() && some.size() < AT_ONCE) {
        Map.Entry<UUID, Instant> use = uses.next();
        some.put(use.getKey(), use.getValue());
      }
      breaker.readOrRecall(
          () -> {
            store.used(some);
            return true;
          });
      some.forEach(noted::remove);
    }
    return true;
  }
}
