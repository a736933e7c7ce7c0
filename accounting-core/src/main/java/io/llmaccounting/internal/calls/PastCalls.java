package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.quota.TokenEstimates;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns from the calls that were recorded last, also by earlier runs and other processes, what
 * calls of a model use. It reads on the thread for chores; where it cannot, sizes are guessed
 * without. Safe for use by many threads.
 */
public final class PastCalls implements Consumer<TokenEstimates> {
  private static final Logger LOG = LoggerFactory.getLogger(PastCalls.class);
  private static final int MOST_CALLS = 1_000;
  private static final long AGAIN_MILLIS = 60_000;

  private final UsageStore store;
  private final Events events;
  private final Meters meters;

  /** Reads from {@code store}. */
  public PastCalls(UsageStore store, Events events, Meters meters) {
    this.store = store;
    this.events = events;
    this.meters = meters;
  }

  /** Lets {@code estimates} learn, soon. */
  @Override
  public void accept(TokenEstimates estimates) {
    events.after(0, () -> teach(estimates));
  }

  private void teach(TokenEstimates estimates) {
    try {
      Map<String, List<TokenUsage>> models = new HashMap<>();
      for (RecordedUsage recorded : store.latest(UsageFilter.all(), MOST_CALLS)) {
        Usage usage = recorded.current();
        TokenUsage tokens = usage.tokens();
        if (tokens != null && usage.source() == TokenSource.REPORTED) {
          models.computeIfAbsent(usage.model(), m -> new ArrayList<>()).add(tokens);
        }
      }
      models.forEach(estimates::recall);
    } catch (RuntimeException e) {
      meters.count(Meters.Count.CONTAINED);
      LOG.debug("what calls used before could not be read; sizes are guessed without", e);
      if (e instanceof BackendException failure && Breaker.isOutage(failure)) {
        events.after(AGAIN_MILLIS, () -> teach(estimates));
      }
    }
  }
}
