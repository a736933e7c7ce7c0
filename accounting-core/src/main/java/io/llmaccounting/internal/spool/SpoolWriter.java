package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolState;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.health.OwnThread;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.internal.ledger.Begun;
import io.llmaccounting.usage.Saturated;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the appends that wait into one write of the spool after the other, so that many callers
 * share one wait for the disk, and closes the spool after the last one. One thread of its own;
 * everything else is safe for many threads.
 */
public final class SpoolWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolWriter.class);
  private static final int MOST_CALLS = 1_024;
  private static final int MOST_BEGUN = 50_000;
  private static final int ATTEMPTS = 3;
  private static final long PAUSE_NANOS = 10_000_000;

  private final Spool spool;
  private final Duration timeout;
  private final Meters meters;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Wish> waiting = new ArrayDeque<>();
  private final OwnThread thread;
  private List<Wish> together = new ArrayList<>();
  private volatile @Nullable RuntimeException unclosed;
  private volatile @Nullable SpoolState atEnd;
  private boolean closed;
  // whether one write is under way, and since when
  private boolean writing;
  private long writingSince;

  /** What one caller wants written. Its answer is the first that it is given, under the lock. */
  private final class Wish {
    private final List<SpooledCall> calls;
    private final Map<OpenLimit, Long> opened;
    private final Condition answered = lock.newCondition();
    // for who does not wait
    private final CompletableFuture<Boolean> told = new CompletableFuture<>();
    private boolean isAnswered;
    private @Nullable Throwable failure;

    Wish(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
      this.calls = calls;
      this.opened = opened;
    }

    boolean isAnswered() {
      lock.lock();
      try {
        return isAnswered;
      } finally {
        lock.unlock();
      }
    }

    // null once it is written
    void answer(@Nullable Throwable answer) {
      lock.lock();
      try {
        if (isAnswered) {
          return;
        }
        isAnswered = true;
        failure = answer;
        answered.signal();
      } finally {
        lock.unlock();
      }
      if (answer == null) {
        told.complete(true);
      } else {
        told.completeExceptionally(own(answer));
      }
    }
  }

  /**
   * Starts the writer's thread.
   *
   * @param timeout how long callers wait at most
   * @param ticker says how long they have waited
   * @param broke hears of what the thread has thrown
   */
  public SpoolWriter(
      Spool spool,
      Duration timeout,
      Meters meters,
      Ticker ticker,
      Consumer<RuntimeException> broke) {
    this.spool = spool;
    this.timeout = timeout;
    this.meters = meters;
    this.ticker = ticker;
    this.thread =
        new OwnThread(
            "llm-accounting-spool",
            this::serve,
            error -> {
              // whoever waits for what broke off is told too
              together.forEach(wish -> wish.answer(error));
              broke.accept(error);
            });
    thread.start();
  }

  /**
   * Writes calls and open amounts, durable when it returns.
   *
   * @throws io.llmaccounting.backend.SpoolFullException if there is no room
   * @throws BackendException if it failed, or took longer than the timeout; the calls may be there
   *     all the same. While one write takes longer than the timeout, others fail at once, and
   *     nothing of them is written
   */
  public void append(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
    Wish wish = new Wish(calls, opened);
    lock.lock();
    try {
      join(wish);
      await(wish);
    } finally {
      lock.unlock();
    }
    if (wish.failure != null) {
      throw own(wish.failure);
    }
  }

  /**
   * Begins to write calls and open amounts, as {@link #append} does, for a caller that does not
   * wait. What the outcome fails with, {@code append} throws.
   *
   * @throws BackendException if nothing is written, because the disk hangs or 50,000 appends wait
   *     for it
   */
  Begun<Boolean> begin(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
    Wish wish = new Wish(calls, opened);
    lock.lock();
    try {
      if (waiting.size() >= MOST_BEGUN) {
        meters.count(Meters.Count.REJECTED, calls.size());
        throw tooMany();
      }
      join(wish);
    } finally {
      lock.unlock();
    }
    return new Begun<>(wish.told, timeout, () -> giveUp(wish));
  }

  private void join(Wish wish) {
    if (closed) {
      throw new BackendException(
          BackendException.Kind.CLOSED, "accounting is closed; nothing more can be recorded");
    }
    if (writing && ticker.nanoTime() - writingSince >= timeout.toNanos()) {
      throw hangs();
    }
    waiting.add(wish);
    arrived.signal();
  }

  private void giveUp(Wish wish) {
    lock.lock();
    try {
      waiting.remove(wish);
    } finally {
      lock.unlock();
    }
    wish.answer(tooLate());
  }

  // through interrupts: what is under way cannot be called back
  private void await(Wish wish) {
    boolean interrupted = false;
    long end = ticker.nanoTime() + timeout.toNanos();
    long left = timeout.toNanos();
    while (!wish.isAnswered && left > 0) {
      try {
        long unused = ticker.await(wish.answered, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = end - ticker.nanoTime();
    }
    if (!wish.isAnswered) {
      giveUp(wish);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private BackendException tooLate() {
    return new BackendException(
            BackendException.Kind.UNAVAILABLE,
            "no answer from the spool within %s; it may or may not have been written: repeat it under the same id or key"
                .formatted(timeout))
        .of(BackendException.Origin.SPOOL);
  }

  private static BackendException tooMany() {
    return new BackendException(
            BackendException.Kind.UNAVAILABLE,
            "%,d appends wait for the spool's disk already; this was not written"
                .formatted(MOST_BEGUN))
        .of(BackendException.Origin.SPOOL);
  }

  private BackendException hangs() {
    return new BackendException(
            BackendException.Kind.UNAVAILABLE,
            "the spool's disk has not answered for %s; this was not written, and nothing is until it answers"
                .formatted(timeout))
        .of(BackendException.Origin.SPOOL);
  }

  /** How many appends wait for the write after the one that is under way. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  // with a stack of the caller's
  private static RuntimeException own(Throwable cause) {
    if (cause instanceof BackendException known) {
      return known.anew();
    }
    return cause instanceof RuntimeException known
        ? known
        : new IllegalStateException("writing to the spool failed", cause);
  }

  private void serve() {
    while (true) {
      together = new ArrayList<>();
      take();
      if (together.isEmpty()) {
        closeSpool();
        return;
      }
      write(together);
    }
  }

  // the spool is closed only here, so that nobody closes it during a write
  private void closeSpool() {
    try {
      atEnd = spool.state();
    } catch (RuntimeException e) {
      LOG.debug("the spool did not tell what it keeps when it was closed", e);
    }
    try {
      spool.close();
    } catch (RuntimeException e) {
      unclosed = e;
    }
  }

  /** The state of the spool when it was closed; null until then. */
  @Nullable SpoolState atEnd() {
    return atEnd;
  }

  private void take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        arrived.awaitUninterruptibly();
      }
      int calls = 0;
      while (!waiting.isEmpty() && calls < MOST_CALLS) {
        Wish next = waiting.element();
        together.add(next);
        waiting.remove();
        calls += next.calls.size();
      }
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Wish> wishes) {
    List<Wish> open = new ArrayList<>(wishes);
    open.removeIf(wish -> wish.isAnswered());
    if (open.isEmpty()) {
      return;
    }
    List<SpooledCall> calls = new ArrayList<>();
    Map<OpenLimit, Long> opened = new HashMap<>();
    for (Wish wish : open) {
      calls.addAll(wish.calls);
      wish.opened.forEach((limit, amount) -> opened.merge(limit, amount, Saturated::sum));
    }
    try {
      appendPatiently(calls, opened);
      meters.count(Meters.Count.SPOOLED, calls.size());
      open.forEach(wish -> wish.answer(null));
    } catch (Throwable e) {
      if (open.size() > 1) {
        // appends that do not fit together may fit alone
        open.forEach(wish -> write(List.of(wish)));
      } else {
        open.forEach(wish -> wish.answer(e));
      }
    }
  }

  private void appendPatiently(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
    for (int attempt = 1; ; attempt++) {
      try {
        writing(true);
        spool.append(calls, opened);
        return;
      } catch (BackendException e) {
        // calls that are there twice are booked once, but amounts would be added twice
        if (!e.isPassing() || attempt == ATTEMPTS || !opened.isEmpty()) {
          throw e;
        }
        ticker.pause(PAUSE_NANOS);
      } finally {
        writing(false);
      }
    }
  }

  private void writing(boolean is) {
    lock.lock();
    try {
      writing = is;
      writingSince = ticker.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes the appends that wait and closes the spool, at most for {@code deadline}; later calls
   * are refused. A disk that takes longer is waited for by the writer's thread alone.
   *
   * @return false if closing goes on after the deadline
   * @throws RuntimeException if the spool could not be closed
   */
  public boolean close(Duration deadline) {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    boolean ended = thread.join(deadline.toNanos());
    RuntimeException failure = unclosed;
    if (failure != null) {
      throw failure;
    }
    return ended;
  }
}
