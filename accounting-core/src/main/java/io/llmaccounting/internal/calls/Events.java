package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.Ledger;
import io.llmaccounting.call.CallListener;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.internal.audit.DenialTrail;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Plural;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what happens; what one throws is logged and counted and breaks nothing. Alerts
 * are delivered on a thread of their own and marked once every listener has heard them; what was
 * not marked is delivered again, also by another process. Safe for use by many threads.
 */
public final class Events implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final long REDELIVERY_SECONDS = 60;
  private static final int REMEMBERED_ALERTS = 10_000;

  private final List<CallListener> listeners;
  // those of them that hear of more than calls
  private final List<AccountingListener> watchers;
  private final Ledger ledger;
  private final @Nullable DenialTrail denials;
  private final Meters meters;
  private final Failures failures;
  private final Set<CallListener> failing = ConcurrentHashMap.newKeySet();

  // An alert may be read from the store while its own delivery waits. Only the events' thread
  // looks.
  private final Map<UUID, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
          return size() > REMEMBERED_ALERTS;
        }
      };

  private final ScheduledExecutorService thread = thread("llm-accounting-events");
  // what waits for the store must not keep listeners from hearing that the store is away
  private final ScheduledExecutorService chores = untilClosed(thread("llm-accounting-chores"));

  /** Tells {@code listeners}; alerts come from {@code ledger}, denials go to their trail. */
  public Events(
      List<? extends CallListener> listeners,
      Ledger ledger,
      @Nullable DenialTrail denials,
      Meters meters,
      Failures failures) {
    this.listeners = List.copyOf(listeners);
    this.watchers =
        this.listeners.stream()
            .filter(AccountingListener.class::isInstance)
            .map(AccountingListener.class::cast)
            .toList();
    this.ledger = ledger;
    this.denials = denials;
    this.meters = meters;
    this.failures = failures;
  }

  private static ScheduledThreadPoolExecutor thread(String name) {
    return new ScheduledThreadPoolExecutor(
        1,
        task -> {
          Thread made = new Thread(task, name);
          made.setDaemon(true);
          return made;
        });
  }

  // a chore for later must keep neither thread nor store until then
  private static ScheduledExecutorService untilClosed(ScheduledThreadPoolExecutor thread) {
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return thread;
  }

  /** Delivers alerts that an earlier run left undelivered, now and from time to time. */
  public void start() {
    if (denials != null) {
      denials.start();
    }
    if (!watchers.isEmpty()) {
      ScheduledFuture<?> unused =
          chores.scheduleWithFixedDelay(
              guarded(Consequence.ALERTS_WAIT, all(this::deliverOpenAlerts)),
              0,
              REDELIVERY_SECONDS,
              TimeUnit.SECONDS);
    }
  }

  /**
   * Begins {@code task} on a thread for chores from time to time, whatever became of the last.
   *
   * @param task its outcome is false if something failed and was told already
   */
  public void every(long millis, Consequence ifItFails, Supplier<CompletableFuture<Boolean>> task) {
    ScheduledFuture<?> unused =
        chores.scheduleWithFixedDelay(
            () -> begin(ifItFails, task), millis, millis, TimeUnit.MILLISECONDS);
  }

  private void begin(Consequence ifItFails, Supplier<CompletableFuture<Boolean>> task) {
    CompletableFuture<Boolean> unused =
        Stages.of(task).whenComplete((worked, error) -> tell(ifItFails, worked, error));
  }

  private void tell(Consequence ifItFails, Boolean worked, @Nullable Throwable error) {
    guarded(
            ifItFails,
            () -> {
              if (error != null) {
                throw Stages.thrown(error);
              }
              return worked;
            })
        .run();
  }

  /** Runs {@code task} once on a thread for chores; not after the close. */
  void after(long millis, Consequence ifItFails, Runnable task) {
    try {
      ScheduledFuture<?> unused =
          chores.schedule(guarded(ifItFails, all(task)), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("accounting is closing, a chore is left", e);
    }
  }

  /** It is asked whether a call may be made. */
  void asked(CallRequest request) {
    if (!listeners.isEmpty()) {
      tell(listener -> listener.asked(request));
    }
  }

  /** A call was admitted. */
  void admitted(UUID id, CallRequest request, Decision.Admitted admission) {
    if (!listeners.isEmpty()) {
      tell(listener -> listener.admitted(id, request, admission));
    }
  }

  /** Tells what became of a record, unless it was not stored. */
  public void recorded(Usage usage, Receipt receipt) {
    if (!listeners.isEmpty() && receipt.status() != Receipt.Status.NOT_RECORDED) {
      tell(listener -> listener.recorded(usage, receipt));
      if (receipt.status() == Receipt.Status.SUPERSEDED) {
        tell(listener -> listener.late(usage, receipt));
      }
    }
  }

  /** A call was closed, and nobody said how it ended. */
  void unfinished(Usage usage) {
    LOG.warn(
        "call {} of {} was closed without an end; its hold is given back and its tokens are {}",
        usage.id(),
        usage.model(),
        usage.source());
    tell(watchers, listener -> listener.unfinished(usage));
  }

  /** Calls were booked of which nobody told how they ended before their hold expired. */
  public void expired(List<Usage> calls) {
    LOG.warn(
        "{} did not end before the hold expired, {} of {} among them; recorded as UNFINISHED until"
            + " an end is told",
        Plural.of(calls.size(), "call"),
        calls.get(0).id(),
        calls.get(0).model());
    for (Usage call : calls) {
      tellLater(listener -> listener.unfinished(call));
    }
  }

  /** An answer had keys that were not understood. */
  void unread(List<String> keys) {
    meters.unread(keys);
  }

  /** A call was denied. */
  public void denied(CallRequest request, Decision.Denied denied) {
    meters.count(Meters.Count.DENIED);
    tell(listener -> listener.denied(request, denied));
    if (denials != null) {
      denials.denied(request, denied);
    }
  }

  /** Tells every listener. */
  public void tell(Consumer<CallListener> event) {
    tell(listeners, event);
  }

  private <L extends CallListener> void tell(List<L> all, Consumer<? super L> event) {
    for (L listener : all) {
      tell(listener, event);
    }
  }

  private <L extends CallListener> boolean tell(L listener, Consumer<? super L> event) {
    try {
      event.accept(listener);
    } catch (Throwable e) {
      // an error of the machine too: what is in force must not fail for who is told of it
      String what = "listener " + listener.getClass().getName() + " failed";
      failures.ofListener(what, failing.add(listener), e);
      return false;
    }
    if (!failing.isEmpty() && failing.remove(listener)) {
      LOG.info("listener {} works again", listener.getClass().getName());
    }
    return true;
  }

  /** Tells on the events' thread what concerns all calls: for news that no caller brought. */
  public void tellLater(Consumer<AccountingListener> event) {
    if (!watchers.isEmpty()) {
      later(() -> tell(watchers, event));
    }
  }

  private boolean later(Runnable task) {
    try {
      thread.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Delivers what has just fired. */
  public void fired(List<Alert> alerts) {
    if (watchers.isEmpty()) {
      return;
    }
    if (!later(guarded(Consequence.ALERTS_WAIT, all(() -> deliver(alerts))))) {
      LOG.info(
          "{} left for the next start: accounting is closing", Plural.of(alerts.size(), "alert"));
    }
  }

  private void deliverOpenAlerts() {
    List<Alert> open = ledger.alerts(true);
    if (!open.isEmpty()) {
      fired(open);
    }
  }

  private static BooleanSupplier all(Runnable task) {
    return () -> {
      task.run();
      return true;
    };
  }

  private Runnable guarded(Consequence ifItFails, BooleanSupplier task) {
    return () -> {
      boolean worked;
      try {
        worked = task.getAsBoolean();
      } catch (Throwable e) {
        // an outage itself is told once it lasts
        failures.containUnlessKnown(ifItFails, e);
        return;
      }
      if (worked) {
        failures.worked(ifItFails);
      }
    };
  }

  private void deliver(List<Alert> alerts) {
    Set<UUID> delivered = new HashSet<>();
    for (Alert alert : alerts) {
      if (told.containsKey(alert.id()) || tellAll(alert)) {
        told.put(alert.id(), true);
        delivered.add(alert.id());
      }
    }
    if (!delivered.isEmpty()) {
      ledger.markDelivered(delivered);
    }
  }

  private boolean tellAll(Alert alert) {
    boolean heard = true;
    for (AccountingListener listener : watchers) {
      heard &= tell(listener, one -> one.alerted(alert));
    }
    return heard;
  }

  /** Delivers what waits, at most for some seconds, then ends. */
  @Override
  public void close() {
    chores.shutdown();
    if (denials != null) {
      denials.close();
    }
    thread.shutdown();
    if (!hasEnded(Duration.ofSeconds(5))) {
      LOG.warn("a listener did not return within 5 s of closing; its alerts come again");
      thread.shutdownNow();
      chores.shutdownNow();
    }
  }

  // through interrupts: alerts that wait are delivered all the same
  private boolean hasEnded(Duration patience) {
    boolean interrupted = false;
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        try {
          return thread.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
