package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.OwnThread;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.usage.Plural;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes an entry for every denial, on a thread of its own: a call that is denied never waits for
 * the trail. What finds no room in memory, or is refused by the store, is counted and reported.
 * Safe for use by many threads.
 */
public final class DenialTrail implements DenialRecorder {
  /** The attribute that says whose counter had no room. */
  static final String SUBJECT = "subject";

  private static final int MOST_WAITING = 10_000;
  private static final int MOST_AT_ONCE = 500;
  private static final long PAUSE_MILLIS = 1_000;

  /** How long closing waits for what is left to be written. */
  public static final Duration CLOSING = Duration.ofSeconds(5);

  private final EntryWriter writer;
  private final Supplier<Instant> clock;
  private final Function<Instant, UUID> ids;
  private final Contained failures;
  private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(MOST_WAITING);
  // A batch whose write broke off is written again; only the own thread reads this field.
  private final List<Item> taken = new ArrayList<>();
  private final Duration patience;
  // how many of them are denials, for whoever closes meanwhile; guarded by this
  private int inHand;
  private volatile boolean gaveUp;
  private final AtomicBoolean overflowing = new AtomicBoolean();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final OwnThread thread;

  /** Is told of a failure that nobody else is told of. */
  public interface Contained {
    /** Counts and logs the failure, and hands it to the error handler. */
    void report(String consequence, RuntimeException failure);

    /** Entries were written. */
    void worked();

    /** The thread broke off. */
    void brokeOff(RuntimeException failure);
  }

  /** An entry to write, or the mark of a caller that waits for the entries before it. */
  private record Item(@Nullable Draft draft, @Nullable CompletableFuture<Void> reached) {}

  /**
   * Writes by {@code writer}; begins with {@link #start}.
   *
   * @param patience how long closing waits for what is left to be written
   */
  public DenialTrail(
      EntryWriter writer,
      Supplier<Instant> clock,
      Function<Instant, UUID> ids,
      Contained failures,
      Duration patience) {
    this.patience = patience;
    this.writer = writer;
    this.clock = clock;
    this.ids = ids;
    this.failures = failures;
    this.thread = new OwnThread("llm-accounting-denials", this::run, failures::brokeOff);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void denied(CallRequest request, Decision.Denied denied) {
    Item item = new Item(draft(request, denied), null);
    if (queue.offer(item)) {
      overflowing.set(false);
      // the trail was closed meanwhile, and what waited then was reported: nobody takes this entry
      // any more
      if (gaveUp && withdrawn(item)) {
        lost(
            "a denial was not written to the audit log",
            new IllegalStateException("accounting was closed before the audit log took it"));
      }
      return;
    }
    lost(
        overflowing.compareAndSet(false, true)
            ? "a denial was not written to the audit log, nor are more until there is room"
            : "a denial was not written to the audit log",
        new IllegalStateException(
            "%d denials wait to be written; is the audit log's store away or slow?"
                .formatted(MOST_WAITING)));
  }

  private synchronized boolean withdrawn(Item item) {
    return queue.remove(item);
  }

  private void lost(String consequence, RuntimeException failure) {
    failures.report(consequence, failure);
  }

  private Draft draft(CallRequest request, Decision.Denied denied) {
    Instant now = clock.get();
    Exceeded primary = denied.primary();
    Map<String, String> about = new TreeMap<>();
    about.put("metric", primary.status().limit().metric().name());
    about.put("reason", primary.reason().name());
    about.put("maximum", Long.toString(primary.status().limit().maximum()));
    about.put("used", Long.toString(primary.status().used()));
    about.put("held", Long.toString(primary.status().held()));
    if (primary.reason() != Exceeded.Reason.UNPRICED) {
      about.put("requested", Long.toString(primary.requested()));
    }
    about.put("fits", denied.fitsAt().map(Instant::toString).orElse("never"));
    about.put("limits", Integer.toString(denied.exceeded().size()));
    if (!primary.status().subject().isBlank()) {
      about.put(SUBJECT, primary.status().subject());
    }
    return new Draft(
        ids.apply(now),
        now,
        AuditEntry.DENIAL,
        null,
        primary.status().limit().name(),
        request.model(),
        request.attribution(),
        null,
        null,
        null,
        null,
        about);
  }

  private void run() {
    try {
      while (!gaveUp && (closing.getCount() > 0 || !queue.isEmpty() || !taken.isEmpty())) {
        if (taken.isEmpty()) {
          take();
        }
        if (!taken.isEmpty()) {
          write(taken);
          taken.clear();
          hold();
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("the thread of denials was interrupted", e);
    }
  }

  private void take() throws InterruptedException {
    Item next = queue.poll(PAUSE_MILLIS / 10, TimeUnit.MILLISECONDS);
    if (next != null && !hold(next) && next.draft != null) {
      lost(
          "a denial was not written to the audit log",
          new IllegalStateException("accounting was closed before the audit log took it"));
    }
  }

  // false if nothing is written any more: the closing thread has given up and counted the rest
  private synchronized boolean hold(Item next) {
    if (gaveUp) {
      return false;
    }
    taken.add(next);
    queue.drainTo(taken, MOST_AT_ONCE - 1);
    hold();
    return true;
  }

  private synchronized void hold() {
    inHand = denials(taken);
  }

  private static int denials(Collection<Item> items) {
    return (int) items.stream().filter(item -> item.draft != null).count();
  }

  private void write(List<Item> batch) throws InterruptedException {
    List<AuditEntry> entries = new ArrayList<>();
    for (Item item : batch) {
      if (item.draft != null) {
        fit(item.draft, entries);
      }
    }
    boolean again = !entries.isEmpty() && !append(entries);
    while (again) {
      // closing ends the pause: it is tried once more, and then it is written or given up
      boolean unused = closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      again = !append(entries);
    }
    batch.stream()
        .map(Item::reached)
        .filter(Objects::nonNull)
        .forEach(reached -> reached.complete(null));
  }

  private void fit(Draft draft, List<AuditEntry> entries) {
    try {
      entries.add(writer.fit(draft));
    } catch (Throwable e) {
      lost(
          "a denial was not written to the audit log",
          e instanceof RuntimeException known ? known : new IllegalStateException(e));
    }
  }

  /** True if there is nothing left to try. */
  private boolean append(List<AuditEntry> entries) {
    try {
      writer.append(entries);
      failures.worked();
      return true;
    } catch (RuntimeException e) {
      if (gaveUp) {
        // the closing thread has reported them
        return true;
      }
      boolean passing =
          e instanceof BackendException failure && failure.isPassing() && closing.getCount() > 0;
      lost(
          Plural.of(entries.size(), "denial")
              + (passing
                  ? Plural.verb(entries.size(), " waits", " wait") + " to be written to"
                  : Plural.verb(entries.size(), " was", " were") + " not written to")
              + " the audit log",
          e);
      return !passing;
    }
  }

  @Override
  public void flush(Duration most) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    try {
      if (queue.offer(new Item(null, reached), most.toMillis(), TimeUnit.MILLISECONDS)) {
        reached.get(most.toMillis(), TimeUnit.MILLISECONDS);
        return;
      }
    } catch (TimeoutException | ExecutionException e) {
      throw late(most, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw late(most, e);
    }
    throw late(most, null);
  }

  private static BackendException late(Duration most, @Nullable Exception cause) {
    return new BackendException(
        BackendException.Kind.UNAVAILABLE,
        "denials were not written to the audit log within %s; they still wait".formatted(most),
        cause);
  }

  @Override
  public void close() {
    closing.countDown();
    boolean ended = thread.join(patience.toNanos());
    int unanswered;
    int waiting;
    synchronized (this) {
      gaveUp = true;
      unanswered = ended ? 0 : inHand;
      waiting = denials(queue);
      queue.clear();
      inHand = 0;
    }
    if (unanswered > 0) {
      lost(
          Plural.of(unanswered, "denial") + " may not have been written to the audit log",
          new IllegalStateException("accounting was closed before the audit log had answered"));
    }
    if (waiting > 0) {
      lost(
          Plural.of(waiting, "denial")
              + Plural.verb(waiting, " was", " were")
              + " not written to the audit log",
          new IllegalStateException("accounting was closed before the audit log took them"));
    }
  }
}
