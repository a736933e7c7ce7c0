package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.Ledger;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.health.OwnThread;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.usage.Plural;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers alerts on the listeners' thread and marks them, on the thread for chores, once every
 * listener has heard them: a store that does not answer holds up no listener. What was not marked
 * is delivered again, also by another process. It reads and marks in transactions of its own,
 * because alerts that fire at the end are delivered after the last batch. Safe for use by many
 * threads.
 */
public final class AlertDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(AlertDelivery.class);
  private static final long REDELIVERY_MILLIS = 60_000;
  private static final int REMEMBERED_ALERTS = 10_000;

  private final Listeners listeners;
  private final Chores chores;
  private final Ledger ledger;
  private final Failures failures;
  // heard by all, and not marked yet
  private final Set<UUID> heard = ConcurrentHashMap.newKeySet();

  // Alerts already delivered: one may be read from the store while its own delivery waits. Only the
  // listeners' thread uses this.
  private final Map<UUID, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
          return size() > REMEMBERED_ALERTS;
        }
      };

  /** Delivers alerts of {@code ledger} to {@code listeners}. */
  public AlertDelivery(Listeners listeners, Chores chores, Ledger ledger, Failures failures) {
    this.listeners = listeners;
    this.chores = chores;
    this.ledger = ledger;
    this.failures = failures;
  }

  /** Delivers alerts that an earlier run left undelivered, now and from time to time. */
  public void start() {
    if (listeners.haveWatchers()) {
      chores.nowAndEvery(REDELIVERY_MILLIS, Consequence.ALERTS_WAIT, this::deliverOpenAlerts);
    }
  }

  private CompletableFuture<Boolean> deliverOpenAlerts() {
    List<Alert> open = ledger.alerts(true);
    if (!open.isEmpty()) {
      fired(open);
    }
    return CompletableFuture.completedFuture(true);
  }

  /** Delivers what has just fired. */
  public void fired(List<Alert> alerts) {
    if (!listeners.haveWatchers()) {
      return;
    }
    if (!listeners.later(
        () -> Chores.run(failures, Consequence.ALERTS_WAIT, () -> deliver(alerts)))) {
      LOG.info(
          "{} left for the next start: accounting is closing", Plural.of(alerts.size(), "alert"));
    }
  }

  private void deliver(List<Alert> alerts) {
    for (Alert alert : alerts) {
      if (told.containsKey(alert.id()) || listeners.tellWatchers(one -> one.alerted(alert))) {
        told.put(alert.id(), true);
        heard.add(alert.id());
      }
    }
    if (!heard.isEmpty()) {
      // after the close, whoever closes marks them
      boolean unused = chores.soon(this::mark);
    }
  }

  private void mark() {
    Chores.run(
        failures,
        Consequence.ALERTS_WAIT,
        () -> {
          Set<UUID> delivered = Set.copyOf(heard);
          if (!delivered.isEmpty()) {
            heard.removeAll(delivered);
            ledger.markDelivered(delivered);
          }
        });
  }

  /** Marks what was heard last, at most for so long; the rest is delivered again. */
  public void close(Duration most) {
    if (heard.isEmpty()) {
      return;
    }
    OwnThread last = new OwnThread("llm-accounting-alerts", this::mark, failures::brokeOff);
    last.start();
    if (!last.join(most.toNanos())) {
      LOG.warn("the store did not take within {} that alerts were heard; they come again", most);
    }
  }
}
