package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.OpenAmounts;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Saturated;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts what limits that fail open have let through in this outage: the expectations of calls
 * under way, the consumption of calls that ended, and calls recorded without asking. All subjects
 * of a limit share its amount. It is kept in the spool before a call is let through, so that a
 * restart does not let through the same amount again. Safe for use by many threads.
 */
public final class OpenSpending implements OpenRoom {
  private final Spool spool;
  private final SpoolWriter writer;
  private final Breaker breaker;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<OpenLimit, Long> spent = new HashMap<>();
  private final Map<UUID, Running> running = new HashMap<>();
  private volatile boolean anythingRunning;
  private boolean loaded;
  private boolean complete;
  private boolean starting;

  private record Running(Map<OpenLimit, Long> amounts, Instant expires) {}

  /** The amount of a call that a limit lets through. */
  public record Part(Limit limit, long amount) {
    OpenLimit open() {
      return new OpenLimit(limit.name(), "");
    }
  }

  /**
   * Begins with the amounts that {@code spool} remembers, and adds to them through {@code writer}.
   */
  public OpenSpending(Spool spool, SpoolWriter writer, Breaker breaker, InstantSource clock) {
    this.spool = spool;
    this.writer = writer;
    this.breaker = breaker;
    this.clock = clock;
  }

  /** Reads what an earlier process spent in the same outage. */
  private void load() {
    OpenAmounts kept = spool.openAmounts();
    Map<OpenLimit, Long> sums = kept.sums();
    boolean all = kept.complete();
    lock.lock();
    try {
      if (!loaded) {
        sums.forEach((limit, amount) -> spent.merge(limit, amount, Saturated::sum));
        complete = all;
        loaded = true;
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isLoaded() {
    lock.lock();
    try {
      return loaded;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isThere() {
    return true;
  }

  @Override
  public List<Limit> take(UUID call, List<Part> parts, Instant expires) {
    if (!isLoaded()) {
      load();
    }
    Map<OpenLimit, Long> amounts = new HashMap<>();
    lock.lock();
    try {
      List<Limit> without = parts.stream().filter(this::lacksRoom).map(Part::limit).toList();
      if (!without.isEmpty()) {
        return without;
      }
      parts.forEach(part -> amounts.merge(part.open(), part.amount(), Saturated::sum));
      add(amounts, 1);
      remember(call, amounts, expires);
    } finally {
      lock.unlock();
    }
    keep(call, amounts);
    return List.of();
  }

  private boolean lacksRoom(Part part) {
    long used = spent.getOrDefault(part.open(), 0L);
    return starting || !complete || part.amount() > part.limit().outage().openAmount() - used;
  }

  // no lock is held while the disk is written
  private void keep(UUID call, Map<OpenLimit, Long> amounts) {
    try {
      writer.append(List.of(), amounts);
    } catch (Throwable e) {
      lock.lock();
      try {
        add(amounts, -1);
        forget(call, amounts);
      } finally {
        lock.unlock();
      }
      throw e;
    }
  }

  private void remember(UUID call, Map<OpenLimit, Long> amounts, Instant expires) {
    Running before = running.get(call);
    Map<OpenLimit, Long> all = new HashMap<>(before == null ? Map.of() : before.amounts());
    amounts.forEach((limit, amount) -> all.merge(limit, amount, Saturated::sum));
    running.put(call, new Running(all, expires));
    anythingRunning = true;
  }

  private void forget(UUID call, Map<OpenLimit, Long> amounts) {
    Running known = running.get(call);
    if (known != null) {
      Map<OpenLimit, Long> rest = new HashMap<>(known.amounts());
      amounts.forEach((limit, amount) -> rest.merge(limit, -amount, Saturated::sum));
      rest.values().removeIf(amount -> amount <= 0);
      if (rest.isEmpty()) {
        running.remove(call);
        anythingRunning = !running.isEmpty();
      } else {
        running.put(call, new Running(rest, known.expires()));
      }
    }
  }

  private void add(Map<OpenLimit, Long> amounts, int sign) {
    amounts.forEach(
        (limit, amount) ->
            spent.merge(
                limit, sign * amount, (old, more) -> Math.max(0, Saturated.sum(old, more))));
    spent.values().removeIf(amount -> amount <= 0);
  }

  /**
   * The amounts that a record adds when it is spooled: what it consumed, less what its call took.
   *
   * @param consumed the amounts that it consumed under limits that fail open
   */
  public Map<OpenLimit, Long> addedBy(UUID call, List<Part> consumed) {
    lock.lock();
    try {
      Map<OpenLimit, Long> added = new HashMap<>();
      consumed.forEach(part -> added.merge(part.open(), part.amount(), Saturated::sum));
      Running known = running.get(call);
      if (known != null) {
        known.amounts().forEach((limit, took) -> added.merge(limit, -took, Saturated::sum));
      }
      added.values().removeIf(amount -> amount == 0);
      return added;
    } finally {
      lock.unlock();
    }
  }

  /** True if the call was let through by an open limit and has not ended. */
  public boolean isRunning(UUID call) {
    lock.lock();
    try {
      return running.containsKey(call);
    } finally {
      lock.unlock();
    }
  }

  /** True if any call that an open limit let through has not ended. */
  public boolean isAnythingRunning() {
    return anythingRunning;
  }

  @Override
  public void renewed(UUID call, Instant expires) {
    lock.lock();
    try {
      running.computeIfPresent(call, (id, known) -> new Running(known.amounts(), expires));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes that a call has ended, or was recorded without asking, and that its record is kept in the
   * spool.
   */
  public void ended(UUID call, Map<OpenLimit, Long> added) {
    lock.lock();
    try {
      running.remove(call);
      anythingRunning = !running.isEmpty();
      add(added, 1);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ended(UUID call) {
    if (isRunning(call)) {
      ended(call, addedBy(call, List.of()));
    }
  }

  /**
   * Notes that nothing waits in the spool. If the store answers, a later outage begins with the
   * whole amount, less what calls that are still under way took. Before the store has answered, an
   * empty spool does not say that the outage is over.
   */
  public void drained() {
    if (!isLoaded()) {
      load();
    }
    Map<OpenLimit, Long> rest = new HashMap<>();
    lock.lock();
    try {
      if (!breaker.isAnswering() || starting || (complete && spent.isEmpty())) {
        return;
      }
      starting = true;
      Instant now = clock.instant();
      running.values().removeIf(call -> call.expires().isBefore(now));
      running
          .values()
          .forEach(call -> call.amounts().forEach((k, v) -> rest.merge(k, v, Saturated::sum)));
      if (complete && rest.equals(spent)) {
        starting = false;
        return;
      }
    } finally {
      lock.unlock();
    }
    boolean kept = false;
    try {
      spool.openAmounts().reset(rest);
      kept = true;
    } finally {
      startAnew(kept, rest);
    }
  }

  private void startAnew(boolean kept, Map<OpenLimit, Long> rest) {
    lock.lock();
    try {
      starting = false;
      if (kept) {
        complete = true;
        spent.clear();
        spent.putAll(rest);
      }
    } finally {
      lock.unlock();
    }
  }
}
