package io.llmaccounting.client.internal.recording;

import io.llmaccounting.client.internal.spool.Segment.Slice;
import io.llmaccounting.client.internal.spool.SpooledRecord;
import io.llmaccounting.client.internal.wire.Reach;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.json.JsonLine;
import io.llmaccounting.json.UsageLine;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that looks what is due, and hands it to the sender. */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final long MOST_IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final RecordingSettings settings;
  private final Buffer buffer;
  private final Sender sender;
  private final Reach reach;
  private final Outbox outbox;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Replay replay = new Replay();
  private volatile boolean ended;

  Delivery(RecordingSettings settings, Buffer buffer, Sender sender, Reach reach, Outbox outbox) {
    this.settings = settings;
    this.buffer = buffer;
    this.sender = sender;
    this.reach = reach;
    this.outbox = outbox;
    this.thread = new Thread(this::run, "llm-accounting-client-sender");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!ended) {
      try {
        long known = buffer.news();
        if (!step()) {
          buffer.await(known, idle());
        }
      } catch (InterruptedException e) {
        LOG.debug("interrupted", e);
      } catch (RuntimeException e) {
        LOG.error("sending broke off; it goes on", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      buffer.await(buffer.news(), MOST_IDLE_NANOS);
    } catch (InterruptedException e) {
      LOG.debug("interrupted", e);
    }
  }

  private long ageNanos() {
    return settings.buffered() ? settings.batchAge().toNanos() : 0;
  }

  private long idle() {
    long left = reach.nanosLeft();
    if (left > 0) {
      return Math.max(left, TimeUnit.MILLISECONDS.toNanos(1));
    }
    if (!sender.takesBatches()) {
      return MOST_IDLE_NANOS;
    }
    long due = buffer.nanosUntilDue(ageNanos(), outbox.now());
    return Math.max(TimeUnit.MICROSECONDS.toNanos(100), Math.min(due, MOST_IDLE_NANOS));
  }

  /** Does what is due; false where there was nothing to do. */
  private boolean step() {
    if (reach.isOpen()) {
      outbox.spillAll();
      // whether it answers is found out with nothing that matters
      if (sender.isIdle() && reach.nanosLeft() == 0 && reach.mayAsk()) {
        sender.probe();
        return true;
      }
      return false;
    }
    return settle() || sendDue() || beginReplay();
  }

  private boolean settle() {
    if (!sender.takesSettlements()) {
      return false;
    }
    List<Pending> one = buffer.settlement();
    one.forEach(sender::settle);
    return !one.isEmpty();
  }

  private boolean sendDue() {
    if (!sender.takesBatches()) {
      return false;
    }
    List<Pending> due = buffer.due(settings.batchRecords(), ageNanos(), outbox.now());
    if (due.isEmpty()) {
      return false;
    }
    sender.send(due);
    return true;
  }

  private boolean beginReplay() {
    lock.lock();
    try {
      if (replay.isUnderWay() || outbox.isClosed()) {
        return false;
      }
      Slice slice = outbox.nextSpooled(settings.batchRecords());
      if (slice == null) {
        return false;
      }
      begin(slice);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void begin(Slice slice) {
    List<Pending> records = new ArrayList<>();
    replay.begin(slice);
    for (SpooledRecord spooled : slice.records()) {
      try {
        records.add(Pending.of(usage(spooled), spooled, 0, replay));
      } catch (RuntimeException e) {
        setAside(spooled, e);
        replayed(replay);
      }
    }
    buffer.addReplayed(records);
  }

  private void setAside(SpooledRecord spooled, RuntimeException why) {
    outbox.damaged(new String(spooled.json(), StandardCharsets.UTF_8), why);
    try {
      outbox.setAside(spooled.json());
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private static Usage usage(SpooledRecord spooled) {
    JsonLine line = JsonLine.of(1, spooled.json());
    JsonFields fields = line.fields();
    if (fields == null) {
      throw new IllegalArgumentException(String.valueOf(line.problem()));
    }
    return UsageLine.tracked(fields, Instant.EPOCH, at -> UsageId.floor(at)).usage();
  }

  /** A record of the spool has come to its end. */
  void replayed(Replay of) {
    lock.lock();
    try {
      Slice done = of.settled();
      if (done != null) {
        outbox.spoolDone(done);
      }
    } finally {
      lock.unlock();
    }
    buffer.wake();
  }

  void close() {
    ended = true;
    buffer.end();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
