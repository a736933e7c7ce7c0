package io.llmaccounting.internal.calls;

import io.llmaccounting.call.CallListener;
import io.llmaccounting.health.AccountingListener;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.health.NewsThread;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what happens; what one throws is logged and counted and breaks nothing. News that
 * no caller brought is told on a thread of its own. Safe for use by many threads.
 */
public final class Listeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<CallListener> all;
  // those listeners that hear of more than calls
  private final List<AccountingListener> watchers;
  private final Failures failures;
  private final NewsThread news = new NewsThread("llm-accounting-events");
  private final Set<CallListener> failing = ConcurrentHashMap.newKeySet();

  /** Tells {@code listeners} in this order. */
  public Listeners(List<? extends CallListener> listeners, Failures failures) {
    this.all = List.copyOf(listeners);
    this.watchers =
        this.all.stream()
            .filter(AccountingListener.class::isInstance)
            .map(AccountingListener.class::cast)
            .toList();
    this.failures = failures;
  }

  /** True if somebody hears of more than calls. */
  boolean haveWatchers() {
    return !watchers.isEmpty();
  }

  /** Tells every listener what concerns a call. */
  void tell(Consumer<CallListener> event) {
    for (CallListener listener : all) {
      boolean unused = tell(listener, event);
    }
  }

  /** Tells those who hear of more than calls; true if all of them have heard it. */
  boolean tellWatchers(Consumer<AccountingListener> event) {
    boolean heard = true;
    for (AccountingListener listener : watchers) {
      heard &= tell(listener, event);
    }
    return heard;
  }

  /** Tells on the listeners' thread those who hear of more than calls. */
  public void tellLater(Consumer<AccountingListener> event) {
    if (haveWatchers()) {
      boolean unused = later(() -> tellWatchers(event));
    }
  }

  /** Runs {@code task} on the listeners' thread; false if it is closed. */
  boolean later(Runnable task) {
    return news.later(task);
  }

  /** True on the thread on which listeners hear of what no caller brought. */
  public boolean areHere() {
    return news.isHere();
  }

  private <L extends CallListener> boolean tell(L listener, Consumer<? super L> event) {
    try {
      event.accept(listener);
    } catch (Throwable e) {
      // errors of the machine are caught too: a change that is in force must not fail because of a
      // listener
      String what = "listener " + listener.getClass().getName() + " failed";
      failures.ofListener(what, failing.add(listener), e);
      return false;
    }
    if (!failing.isEmpty() && failing.remove(listener)) {
      LOG.info("listener {} works again", listener.getClass().getName());
    }
    return true;
  }

  /** Tells what waits, at most for some seconds, then ends. */
  @Override
  public void close() {
    if (!news.close(PATIENCE)) {
      LOG.warn("a listener did not return within 5 s of closing; its alerts come again");
    }
  }
}
