package io.llmaccounting.client.internal.recording;

import io.llmaccounting.client.internal.spool.SpoolFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records to the spool on a thread of its own, those that wait together with one sync. Safe
 * for use by many threads.
 */
final class Overflow {
  private static final Logger LOG = LoggerFactory.getLogger(Overflow.class);
  private static final int MOST = 1_000;

  /** Is told what became of records that were to be spooled. */
  interface Outcome {
    /** They are on the disk. */
    void spooled(List<Pending> records);

    /** They are not. */
    void failed(List<Pending> records, Exception why);
  }

  private final SpoolFolder spool;
  private final Outcome outcome;
  private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger under = new AtomicInteger();
  private final Thread thread;
  private volatile boolean ended;

  Overflow(SpoolFolder spool, Outcome outcome) {
    this.spool = spool;
    this.outcome = outcome;
    this.thread = new Thread(this::run, "llm-accounting-client-spool");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Takes records that are to be spooled; they are told what becomes of them. */
  void add(List<Pending> records) {
    under.addAndGet(records.size());
    queue.addAll(records);
  }

  /** True while records wait to be written. */
  boolean isWriting() {
    return under.get() > 0;
  }

  private void run() {
    while (!ended || !queue.isEmpty()) {
      try {
        Pending first = queue.poll(200, TimeUnit.MILLISECONDS);
        if (first != null) {
          List<Pending> batch = new ArrayList<>(List.of(first));
          int unused = queue.drainTo(batch, MOST - 1);
          write(batch);
        }
      } catch (InterruptedException e) {
        // the thread is our own: it ends when it is told to, with nothing left
        LOG.debug("interrupted", e);
      }
    }
  }

  private void write(List<Pending> batch) {
    try {
      spool.append(batch.stream().map(Pending::spooled).toList());
      outcome.spooled(batch);
    } catch (Exception e) {
      outcome.failed(batch, e);
    } finally {
      under.addAndGet(-batch.size());
    }
  }

  /** Writes what waits, at most for so long. */
  void close(long nanos) throws InterruptedException {
    ended = true;
    thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
  }
}
