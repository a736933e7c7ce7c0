package io.llmaccounting.testkit;

import io.llmaccounting.backend.DeadLetter;
import io.llmaccounting.backend.DeadLetters;
import io.llmaccounting.backend.OpenAmounts;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.backend.SpoolState;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.usage.Saturated;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A spool for unit tests, which can be told to fail. Every call takes 1,000 bytes. Nothing survives
 * the process. Safe for use by many threads, which take turns.
 */
public final class InMemorySpool implements Spool {
  private static final int BYTES_OF_A_CALL = 1_000;

  private final Kept kept;
  private final FaultSwitch faults;
  private final InstantSource clock;

  private InMemorySpool(Kept kept, InstantSource clock) {
    this.kept = kept;
    this.faults = new FaultSwitch("spool", kept.lock);
    this.clock = clock;
  }

  private static final class Kept {
    final ReentrantLock lock = new ReentrantLock();
    final TreeMap<Long, SpooledCall> waiting = new TreeMap<>();
    final TreeMap<Long, DeadLetter> dead = new TreeMap<>();
    final Map<OpenLimit, Long> opened = new HashMap<>();
    long lastPosition;
    long maxCalls = Long.MAX_VALUE / BYTES_OF_A_CALL;
    boolean amountsLost;
  }

  /** An empty spool. */
  public static InMemorySpool create(InstantSource clock) {
    return new InMemorySpool(new Kept(), clock);
  }

  /**
   * The spool as the next process opens it: with the same calls, but without the failures that were
   * set here.
   */
  public InMemorySpool reopened() {
    return new InMemorySpool(kept, clock);
  }

  /** Leaves room for so many calls, dead letters included. */
  public InMemorySpool maxCalls(long calls) {
    kept.maxCalls = calls;
    return this;
  }

  /** Lets the next {@code calls} calls fail with kind UNAVAILABLE, having done nothing. */
  public void failNext(int calls) {
    faults.failNext(calls);
  }

  /** Lets the next append be kept and then fail with kind UNAVAILABLE all the same. */
  public void loseNextAnswer() {
    faults.loseNextAnswer();
  }

  /** Lets every call fail with kind UNAVAILABLE until {@link #recover}. */
  public void breakDown() {
    faults.down(true);
  }

  /** Ends what {@link #breakDown} began; everything kept is still there. */
  public void recover() {
    faults.down(false);
  }

  /** Forgets the open amounts, as damage does. */
  public void loseOpenAmounts() {
    faults.enter(
        () -> {
          kept.opened.clear();
          kept.amountsLost = true;
          return true;
        });
  }

  @Override
  public void append(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
    faults.commit(
        () -> {
          if (size() + calls.size() > kept.maxCalls) {
            throw new SpoolFullException(
                "the in-memory spool", size() * BYTES_OF_A_CALL, kept.maxCalls * BYTES_OF_A_CALL);
          }
          calls.forEach(call -> kept.waiting.put(++kept.lastPosition, call));
          opened.forEach((limit, amount) -> kept.opened.merge(limit, amount, InMemorySpool::added));
          kept.opened.values().removeIf(sum -> sum <= 0);
        });
  }

  private static long added(long sum, long amount) {
    return Math.max(0, Saturated.sum(sum, amount));
  }

  private long size() {
    return (long) kept.waiting.size() + kept.dead.size();
  }

  @Override
  public List<SpoolEntry> read(long after, int count) {
    return faults.enter(
        () ->
            kept.waiting.tailMap(after, false).entrySet().stream()
                .limit(count)
                .map(entry -> new SpoolEntry(entry.getKey(), entry.getValue()))
                .toList());
  }

  @Override
  public void remove(Set<Long> positions) {
    faults.enter(() -> kept.waiting.keySet().removeAll(positions));
  }

  @Override
  public DeadLetters deadLetters() {
    faults.requireOpen();
    return new Dead();
  }

  @Override
  public OpenAmounts openAmounts() {
    faults.requireOpen();
    return new Opened();
  }

  @Override
  public SpoolState state() {
    return faults.enter(
        () ->
            new SpoolState(
                kept.waiting.size(),
                kept.dead.size(),
                size() * BYTES_OF_A_CALL,
                kept.maxCalls * BYTES_OF_A_CALL,
                oldest(),
                List.of()));
  }

  private @Nullable Instant oldest() {
    return kept.waiting.isEmpty() ? null : kept.waiting.firstEntry().getValue().recordedAt();
  }

  @Override
  public void close() {
    faults.close();
  }

  private final class Dead implements DeadLetters {
    @Override
    public boolean bury(long position, String reason) {
      return faults.enter(
          () -> {
            SpooledCall call = kept.waiting.remove(position);
            if (call == null) {
              return false;
            }
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            kept.dead.put(position, new DeadLetter(position, call, reason, now));
            return true;
          });
    }

    @Override
    public List<DeadLetter> list(long after, int count) {
      return faults.enter(
          () -> kept.dead.tailMap(after, false).values().stream().limit(count).toList());
    }

    @Override
    public boolean restore(long position) {
      return faults.enter(
          () -> {
            DeadLetter letter = kept.dead.remove(position);
            if (letter != null) {
              kept.waiting.put(position, letter.call());
            }
            return letter != null;
          });
    }

    @Override
    public boolean discard(long position) {
      return faults.enter(() -> kept.dead.remove(position) != null);
    }
  }

  private final class Opened implements OpenAmounts {
    @Override
    public Map<OpenLimit, Long> sums() {
      return faults.enter(() -> Map.copyOf(kept.opened));
    }

    @Override
    public boolean complete() {
      return faults.enter(() -> !kept.amountsLost);
    }

    @Override
    public void reset(Map<OpenLimit, Long> rest) {
      faults.enter(
          () -> {
            kept.opened.clear();
            kept.opened.putAll(rest);
            kept.amountsLost = false;
            return true;
          });
    }
  }
}
