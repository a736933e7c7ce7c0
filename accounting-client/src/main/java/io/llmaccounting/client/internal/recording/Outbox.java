package io.llmaccounting.client.internal.recording;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.client.internal.health.Failures;
import io.llmaccounting.client.internal.health.Tally;
import io.llmaccounting.client.internal.recording.Results.Result;
import io.llmaccounting.client.internal.spool.Segment.Slice;
import io.llmaccounting.client.internal.spool.SpoolFolder;
import io.llmaccounting.client.internal.wire.ProblemException;
import io.llmaccounting.client.internal.wire.Reach;
import io.llmaccounting.client.internal.wire.Wire;
import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records, sends them, and keeps them while the server is away: on the disk where there is a
 * spool, else in memory. Safe for use by many threads.
 */
public final class Outbox implements Sender.Outcome, Overflow.Outcome {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final String REFUSED =
      "usage that was accepted earlier was refused by the server; it is not sent again";
  private static final String DISK = "the spool failed; records wait in memory";
  private static final String KEY = "the server cannot be used; records are kept until it can";

  private final RecordingSettings settings;
  private final Reach reach;
  private final Tally tally;
  private final Failures failures;
  private final LongSupplier nanos;
  private final @Nullable SpoolFolder spool;
  private final @Nullable Overflow overflow;
  private final Buffer buffer;
  private final Sender sender;
  private final Delivery delivery;
  private volatile boolean closed;
  private volatile boolean diskFails;

  /** What an outbox works with. */
  public record Parts(
      Wire wire,
      Reach reach,
      Tally tally,
      Failures failures,
      LongSupplier nanos,
      @Nullable SpoolFolder spool) {}

  /** Sends by {@code parts}; {@link #start} begins. */
  public Outbox(RecordingSettings settings, Parts parts) {
    this.settings = settings;
    this.reach = parts.reach();
    this.tally = parts.tally();
    this.failures = parts.failures();
    this.nanos = parts.nanos();
    this.spool = parts.spool();
    this.overflow = spool == null ? null : new Overflow(spool, this);
    this.buffer = new Buffer(settings.mostRecords(), settings.mostBytes());
    // what the server does not take in time still has to reach the disk in time
    Duration patience =
        spool == null ? settings.timeout() : settings.timeout().multipliedBy(3).dividedBy(4);
    this.sender = new Sender(parts.wire(), reach, patience, settings.requests(), this);
    this.delivery = new Delivery(settings, buffer, sender, reach, this);
  }

  /** Begins to send. */
  public void start() {
    if (overflow != null) {
      overflow.start();
    }
    delivery.start();
  }

  /**
   * Takes a record. The stage completes within the timeout: what is not told by then is kept here,
   * and the receipt says so. It fails where the record is refused, or cannot be kept.
   */
  public CompletableFuture<Receipt> take(Usage usage, boolean settles) {
    if (closed) {
      return CompletableFuture.failedFuture(
          new BackendException(
              BackendException.Kind.CLOSED,
              "the client is closed; call %s was not recorded".formatted(usage.id())));
    }
    Pending one = Pending.of(usage, settles, nanos.getAsLong());
    if (overflow != null && reach.isOpen() && !diskFails) {
      tally.count(Tally.Count.SPOOLED);
      overflow.add(List.of(one));
    } else if (!buffer.add(one)) {
      full(one);
    } else if (settings.buffered() || (spool == null && reach.isOpen())) {
      one.told.complete(one.kept(Receipt.Status.BUFFERED));
    }
    return one.told.completeOnTimeout(
        one.kept(Receipt.Status.BUFFERED), settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void full(Pending one) {
    if (overflow != null && !diskFails) {
      tally.count(Tally.Count.SPOOLED);
      overflow.add(List.of(one));
      return;
    }
    tally.count(Tally.Count.REJECTED);
    one.told.completeExceptionally(
        new BackendException(
            BackendException.Kind.BUSY,
            "%d records wait for the server at most, and so many do; call %s was not taken. Give the client a spool folder, or a larger buffer"
                .formatted(buffer.mostRecords(), one.usage.id())));
  }

  @Override
  public void told(Pending one, Result result) {
    Receipt receipt = result.receipt();
    if (receipt != null) {
      tally.count(receipt);
      if (one.from != null) {
        tally.count(Tally.Count.REPLAYED);
      }
      failures.worked(KEY);
      end(one);
      boolean unused = one.told.complete(receipt);
    } else if (!one.triedEnough(result.mostTries())) {
      reach.failed(
          ProblemException.of(
              ProblemException.Kind.STORE_AWAY,
              String.valueOf(result.refused().getMessage()),
              result.refused()));
      notSent(List.of(one), null);
    } else {
      refused(one, result.refused());
    }
  }

  private void refused(Pending one, RuntimeException why) {
    tally.count(
        why instanceof UsageConflictException ? Tally.Count.CONFLICTS : Tally.Count.REJECTED);
    if (one.from != null && spool != null) {
      tally.count(Tally.Count.DEAD_LETTERED);
      keepRefused(spool, one);
    }
    end(one);
    if (!one.told.completeExceptionally(why) || one.from != null) {
      failures.containElsewhere(REFUSED, why);
    }
  }

  private void keepRefused(SpoolFolder folder, Pending one) {
    try {
      folder.refuse(one.json);
    } catch (IOException e) {
      failures.containElsewhere(DISK, e);
    }
  }

  private void end(Pending one) {
    buffer.settled(one);
    if (one.from != null) {
      delivery.replayed(one.from);
    }
  }

  @Override
  public void notSent(List<Pending> records, @Nullable ProblemException why) {
    if (why != null && !why.isOutage()) {
      buffer.putBack(records);
      return;
    }
    List<Pending> own = records.stream().filter(one -> one.from == null).toList();
    buffer.putBack(records.stream().filter(one -> one.from != null).toList());
    if (why != null && why.kind() == ProblemException.Kind.UNUSABLE) {
      failures.containOnce(KEY, why.known());
    }
    if (overflow != null && !diskFails && (reach.isOpen() || settings.buffered())) {
      spill(overflow, own);
    } else {
      buffer.putBack(own);
      RuntimeException known = why == null ? null : why.known();
      for (Pending one : own) {
        tellWaiting(one, why, known);
      }
    }
  }

  // a record that is kept is no failure, unless nothing but a person can help
  private void tellWaiting(
      Pending one, @Nullable ProblemException why, @Nullable RuntimeException known) {
    if (why != null
        && known != null
        && why.kind() == ProblemException.Kind.UNUSABLE
        && failures.areThrown()) {
      boolean unused = one.told.completeExceptionally(known);
    } else if (reach.isOpen()) {
      boolean unused = one.told.complete(one.kept(Receipt.Status.BUFFERED));
    }
  }

  private void spill(Overflow to, List<Pending> records) {
    records.forEach(buffer::settled);
    tally.add(Tally.Count.SPOOLED, records.size());
    to.add(records);
  }

  /** Moves what waits in memory to the disk, while the server is away. */
  void spillAll() {
    if (overflow != null && !diskFails) {
      List<Pending> all = buffer.drain();
      if (!all.isEmpty()) {
        spill(overflow, all);
      }
    }
  }

  @Override
  public void spooled(List<Pending> records) {
    failures.worked(DISK);
    for (Pending one : records) {
      boolean unused = one.told.complete(one.kept(Receipt.Status.SPOOLED));
    }
    buffer.wake();
  }

  @Override
  public void failed(List<Pending> records, Exception why) {
    tally.add(Tally.Count.SPOOLED, -records.size());
    failures.containElsewhere(DISK, why);
    diskFails = true;
    for (Pending one : records) {
      if (!buffer.add(one)) {
        lost(one, why);
      }
    }
  }

  private void lost(Pending one, Exception why) {
    if (one.told.completeExceptionally(Failures.of(why))) {
      tally.count(Tally.Count.REJECTED);
      return;
    }
    tally.count(Tally.Count.LOST);
    failures.containElsewhere(
        "usage is lost",
        new UsageLostException("spool and memory are full", 1, List.of(one.usage.id()), why));
  }

  @Override
  public void ended() {
    buffer.wake();
  }

  /** The next records of the spool, null where none waits. */
  @Nullable Slice nextSpooled(int most) {
    if (spool == null) {
      return null;
    }
    try {
      return spool.next(most);
    } catch (IOException e) {
      failures.containElsewhere(DISK, e);
      return null;
    }
  }

  void spoolDone(Slice slice) {
    if (spool != null) {
      spool.done(slice);
      // there is room again, and a disk that failed may be well
      diskFails = false;
    }
  }

  void damaged(String line, RuntimeException why) {
    LOG.error("a record of the spool cannot be read and is set aside: {}", line, why);
    failures.containElsewhere("a record of the spool cannot be read", why);
  }

  /** Keeps a record that cannot be read. */
  void setAside(byte[] json) throws IOException {
    if (spool != null) {
      spool.refuse(json);
    }
  }

  long now() {
    return nanos.getAsLong();
  }

  boolean isClosed() {
    return closed;
  }

  /** How many records are in memory, those under way included. */
  public long records() {
    return buffer.records();
  }

  /** How large they are. */
  public long bytes() {
    return buffer.bytes();
  }

  /**
   * Waits until nothing is in memory, at most so long.
   *
   * @throws BackendException if it takes longer
   */
  public void flush(Duration most) {
    if (!emptied(most)) {
      throw new BackendException(
          BackendException.Kind.UNAVAILABLE,
          "%d records still wait for the server after %s; they are kept and sent later"
              .formatted(buffer.records(), most));
    }
  }

  private boolean emptied(Duration most) {
    long end = nanos.getAsLong() + most.toNanos();
    try {
      boolean empty = buffer.awaitEmpty(most.toNanos());
      while (empty && overflow != null && overflow.isWriting() && nanos.getAsLong() - end < 0) {
        buffer.await(buffer.news(), TimeUnit.MILLISECONDS.toNanos(20));
      }
      return empty;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Sends what waits, at most for so long; the rest goes to the disk, or is lost and told. */
  public void close(Duration most) {
    if (closed) {
      return;
    }
    closed = true;
    long end = nanos.getAsLong() + most.toNanos();
    boolean empty = (overflow != null && reach.isOpen()) || emptied(most);
    delivery.close();
    List<Pending> left = buffer.drain();
    try {
      if (overflow != null) {
        spill(overflow, left);
        overflow.close(Math.max(TimeUnit.SECONDS.toNanos(1), end - nanos.getAsLong()));
      } else if (!left.isEmpty() || !empty) {
        lost(left);
      }
      if (spool != null) {
        spool.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      failures.contain(DISK, e);
    }
  }

  private void lost(List<Pending> left) {
    if (left.isEmpty()) {
      return;
    }
    tally.add(Tally.Count.LOST, left.size());
    left.forEach(buffer::settled);
    failures.contain(
        "usage that was accepted into memory was not stored",
        new UsageLostException(
            "the server was not reached before the client was closed",
            left.size(),
            left.stream().map(one -> one.usage.id()).toList(),
            null));
  }
}
