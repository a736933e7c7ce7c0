package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Failures.Consequence;
import io.llmaccounting.internal.quota.TokenEstimates;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Learns from the calls that were recorded last, also by earlier runs and other processes, what
 * calls of a model use. It reads on the thread for chores; where it cannot read, sizes are guessed
 * without it. Safe for use by many threads.
 */
public final class PastCalls implements Consumer<TokenEstimates> {
  private static final int MOST_CALLS = 1_000;
  private static final long AGAIN_MILLIS = 60_000;

  private final UsageStore store;
  private final Chores chores;

  /** Reads from {@code store}. */
  public PastCalls(UsageStore store, Chores chores) {
    this.store = store;
    this.chores = chores;
  }

  /** Lets {@code estimates} learn from those calls soon, on another thread. */
  @Override
  public void accept(TokenEstimates estimates) {
    chores.after(0, Consequence.NOT_LEARNED, () -> teach(estimates));
  }

  private void teach(TokenEstimates estimates) {
    Map<String, List<TokenUsage>> models = new HashMap<>();
    try {
      for (RecordedUsage recorded : store.latest(UsageQuery.latest(MOST_CALLS))) {
        Usage usage = recorded.current();
        TokenUsage tokens = usage.tokens();
        if (tokens != null && usage.source() == TokenSource.REPORTED) {
          models.computeIfAbsent(usage.model(), m -> new ArrayList<>()).add(tokens);
        }
      }
    } catch (BackendException e) {
      if (Breaker.isOutage(e)) {
        chores.after(AGAIN_MILLIS, Consequence.NOT_LEARNED, () -> teach(estimates));
      }
      throw e;
    }
    models.forEach(estimates::recall);
  }
}
