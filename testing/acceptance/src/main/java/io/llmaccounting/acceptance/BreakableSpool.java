package io.llmaccounting.acceptance;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.DeadLetters;
import io.llmaccounting.backend.OpenAmounts;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.backend.SpoolState;
import io.llmaccounting.backend.SpooledCall;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Any spool, made to fail as a test says. */
final class BreakableSpool implements Spool {
  private final Spool real;
  private volatile boolean down;
  private volatile boolean forgetful;
  private volatile boolean keepsAll;
  private volatile boolean takesNothing;
  private volatile CountDownLatch slow;
  private volatile boolean closedUnderAWrite;
  private volatile boolean failsToClose;
  private volatile boolean closed;
  private final AtomicInteger writing = new AtomicInteger();

  BreakableSpool(Spool real) {
    this.real = real;
  }

  void breakDown() {
    down = true;
  }

  void recover() {
    down = false;
  }

  /** Can be read but not changed, as on a full disk. */
  void fillDisk() {
    keepsAll = true;
    takesNothing = true;
  }

  void freeDisk() {
    keepsAll = false;
    takesNothing = false;
  }

  /** Takes nothing more, but lets itself be changed otherwise. */
  void takeNothing() {
    takesNothing = true;
  }

  /** Appends wait for the latch. */
  void appendAfter(CountDownLatch latch) {
    slow = latch;
  }

  boolean isWriting() {
    return writing.get() > 0;
  }

  boolean isClosed() {
    return closed;
  }

  boolean wasClosedUnderAWrite() {
    return closedUnderAWrite;
  }

  void failToClose() {
    failsToClose = true;
  }

  private static BackendException full() {
    return new BackendException(
        BackendException.Kind.UNAVAILABLE, "the spool's disk is full, as the test asked");
  }

  /** Loses what limits let through, as damage does, until the amounts are reset. */
  void loseOpenAmounts() {
    forgetful = true;
  }

  private Spool whileUp() {
    if (down) {
      throw new BackendException(
          BackendException.Kind.UNAVAILABLE, "the spool is down, as the test asked");
    }
    return real;
  }

  @Override
  public void append(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
    if (takesNothing) {
      throw full();
    }
    writing.incrementAndGet();
    try {
      CountDownLatch latch = slow;
      if (latch != null) {
        latch.await();
      }
      whileUp().append(calls, opened);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      writing.decrementAndGet();
    }
  }

  @Override
  public List<SpoolEntry> read(long after, int count) {
    return whileUp().read(after, count);
  }

  @Override
  public void remove(Set<Long> positions) {
    if (keepsAll) {
      throw full();
    }
    whileUp().remove(positions);
  }

  @Override
  public DeadLetters deadLetters() {
    return whileUp().deadLetters();
  }

  @Override
  public OpenAmounts openAmounts() {
    return forgetful ? new Lost(whileUp().openAmounts()) : whileUp().openAmounts();
  }

  @Override
  public SpoolState state() {
    return whileUp().state();
  }

  @Override
  public void close() {
    closedUnderAWrite |= writing.get() > 0;
    closed = true;
    real.close();
    if (failsToClose) {
      failsToClose = false;
      throw new IllegalStateException("the spool cannot be closed, as the test asked");
    }
  }

  private final class Lost implements OpenAmounts {
    private final OpenAmounts amounts;

    Lost(OpenAmounts amounts) {
      this.amounts = amounts;
    }

    @Override
    public Map<OpenLimit, Long> sums() {
      return Map.of();
    }

    @Override
    public boolean complete() {
      return false;
    }

    @Override
    public void reset(Map<OpenLimit, Long> rest) {
      if (keepsAll) {
        throw full();
      }
      amounts.reset(rest);
      forgetful = false;
    }
  }
}
