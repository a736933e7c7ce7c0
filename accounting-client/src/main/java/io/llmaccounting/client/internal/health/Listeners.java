package io.llmaccounting.client.internal.health;

import io.llmaccounting.call.CallListener;
import io.llmaccounting.health.AccountingListener;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners; what one throws is logged, counted, and breaks nothing. */
public final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final List<CallListener> all;
  private final Tally tally;
  private final NewsThread news;

  /** Tells {@code listeners}, of what concerns all calls on the thread of {@code news}. */
  public Listeners(List<CallListener> listeners, Tally tally, NewsThread news) {
    this.all = List.copyOf(listeners);
    this.tally = tally;
    this.news = news;
  }

  /** Tells all of them, here and now. */
  public void tell(Consumer<CallListener> event) {
    for (CallListener listener : all) {
      try {
        event.accept(listener);
      } catch (Throwable e) {
        String what = "listener " + listener.getClass().getName() + " failed";
        tally.contained(what, e);
        LOG.error("{}; accounting goes on", what, e);
      }
    }
  }

  /** Tells those that hear of more than calls, here and now. */
  public void tellWatchers(Consumer<AccountingListener> event) {
    tell(
        listener -> {
          if (listener instanceof AccountingListener watcher) {
            event.accept(watcher);
          }
        });
  }

  /** Tells those that hear of more than calls, later and in order. */
  public void tellLater(Consumer<AccountingListener> event) {
    if (all.stream().anyMatch(AccountingListener.class::isInstance)
        && !news.later(() -> tellWatchers(event))) {
      LOG.warn("listeners are not told: one does not return, or the client is closed");
    }
  }
}
