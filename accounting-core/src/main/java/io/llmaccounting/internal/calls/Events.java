package io.llmaccounting.internal.calls;

import io.llmaccounting.AccountingListener;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.internal.audit.DenialTrail;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.Usage;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
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

  private final List<AccountingListener> listeners;
  private final Ledger ledger;
  private final @Nullable DenialTrail denials;
  private final LongAdder failures = new LongAdder();

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

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "llm-accounting-events");
            made.setDaemon(true);
            return made;
          });

  /** Tells {@code listeners}; alerts come from {@code ledger}, denials go to their trail. */
  public Events(List<AccountingListener> listeners, Ledger ledger, @Nullable DenialTrail denials) {
    this.listeners = List.copyOf(listeners);
    this.ledger = ledger;
    this.denials = denials;
  }

  /** Delivers alerts that an earlier run left undelivered, now and from time to time. */
  public void start() {
    if (denials != null) {
      denials.start();
    }
    if (!listeners.isEmpty()) {
      ScheduledFuture<?> unused =
          thread.scheduleWithFixedDelay(
              this::deliverOpenAlerts, 0, REDELIVERY_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Runs {@code task} on the events' thread from time to time. */
  public void every(long millis, Runnable task) {
    ScheduledFuture<?> unused =
        thread.scheduleWithFixedDelay(guarded(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Tells what became of a record, unless it was not stored. */
  public void recorded(Usage usage, Receipt receipt) {
    if (receipt.status() != Receipt.Status.NOT_RECORDED) {
      tell(listener -> listener.recorded(usage, receipt));
    }
  }

  /** A call was denied. */
  public void denied(CallRequest request, Decision.Denied denied) {
    tell(listener -> listener.denied(request, denied));
    if (denials != null) {
      denials.denied(request, denied);
    }
  }

  /** Tells every listener. */
  public void tell(Consumer<AccountingListener> event) {
    for (AccountingListener listener : listeners) {
      tell(listener, event);
    }
  }

  private boolean tell(AccountingListener listener, Consumer<AccountingListener> event) {
    try {
      event.accept(listener);
      return true;
    } catch (RuntimeException e) {
      failures.increment();
      LOG.error("listener {} failed; accounting goes on", listener.getClass().getName(), e);
      return false;
    }
  }

  /** Delivers what has just fired. */
  public void fired(List<Alert> alerts) {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      thread.execute(guarded(() -> deliver(alerts)));
    } catch (RejectedExecutionException e) {
      LOG.info("{} alerts are delivered at the next start: accounting is closing", alerts.size());
    }
  }

  private void deliverOpenAlerts() {
    guarded(() -> deliver(ledger.alerts(true))).run();
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        failures.increment();
        LOG.warn("work in the background failed; it is tried again", e);
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
    for (AccountingListener listener : listeners) {
      heard &= tell(listener, one -> one.alerted(alert));
    }
    return heard;
  }

  /** How many times a listener or work in the background has failed. */
  public long failures() {
    return failures.sum();
  }

  /** Delivers what waits, at most for some seconds, then ends. */
  @Override
  public void close() {
    if (denials != null) {
      denials.close();
    }
    thread.shutdown();
    boolean interrupted = false;
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("a listener did not return within 5 s of closing; its alerts come again");
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      thread.shutdownNow();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
