package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditRemoval;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.AuditStream;
import io.llmaccounting.audit.AuditStreams;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A log whose next appends do as they are told. */
final class UnreliableLog implements AuditLog {
  /** What becomes of an append. */
  enum Fate {
    /** It is stored, and nobody is told. */
    ANSWER_LOST,
    /** It is not stored. */
    AWAY,
    /** It is not stored, by a mistake of somebody's. */
    BROKEN
  }

  private final AuditLog log = InMemoryBackend.create(ManualClock.create()).audit();
  private final Deque<Fate> fates = new ArrayDeque<>();
  private final AtomicInteger appends = new AtomicInteger();
  private volatile int held;
  private volatile CountDownLatch open = new CountDownLatch(0);

  synchronized UnreliableLog next(Fate... next) {
    fates.addAll(List.of(next));
    return this;
  }

  /** Lets no append through until the latch is down. */
  void waitFor(CountDownLatch latch) {
    held = 0;
    open = latch;
  }

  /** How many entries the last append had. */
  int held() {
    return held;
  }

  int appends() {
    return appends.get();
  }

  private synchronized Fate fate() {
    return fates.poll();
  }

  @Override
  public void append(List<SealedEntry> entries) {
    appends.incrementAndGet();
    held = entries.size();
    try {
      open.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Fate fate = fate();
    if (fate == null || fate == Fate.ANSWER_LOST) {
      log.append(entries);
    }
    if (fate == Fate.BROKEN) {
      throw new IllegalStateException("broken");
    }
    if (fate != null) {
      throw new BackendException(BackendException.Kind.UNAVAILABLE, "away or answer lost");
    }
  }

  @Override
  public List<AuditEntry> find(AuditQuery query) {
    return log.find(query);
  }

  @Override
  public Optional<SealedEntry> entry(UUID id) {
    return log.entry(id);
  }

  @Override
  public List<ScannedEntry> scan(AuditScan scan) {
    return log.scan(scan);
  }

  @Override
  public List<AuditStream> streams(AuditStreams which) {
    return log.streams(which);
  }

  @Override
  public long unsealed() {
    return log.unsealed();
  }

  @Override
  public int remove(AuditRemoval removal) {
    return log.remove(removal);
  }
}
