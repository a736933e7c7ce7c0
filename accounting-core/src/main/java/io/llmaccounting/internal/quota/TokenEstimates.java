package io.llmaccounting.internal.quota;

import io.llmaccounting.usage.TokenUsage;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Learns how many tokens calls of a model use: the 95th percentile of its last 128 calls. Safe for
 * use by many threads.
 */
public final class TokenEstimates {
  private static final int REMEMBERED = 128;
  private static final int ENOUGH = 20;
  private static final int MOST_MODELS = 1_000;
  private static final int PERCENT = 95;
  private static final long[] NONE = {};

  private final Consumer<TokenEstimates> past;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final RecentValues<String, Recent> models = new RecentValues<>(MOST_MODELS);

  private static final class Recent {
    private final ReentrantLock lock = new ReentrantLock();
    private final long[] input = new long[REMEMBERED];
    private final long[] output = new long[REMEMBERED];
    private int seen;
  }

  /** Begins without knowledge; {@code past} is asked once, when an unknown model is wanted. */
  public TokenEstimates(Consumer<TokenEstimates> past) {
    this.past = past;
  }

  /** Remembers a call whose tokens were reported. */
  public void learn(String model, TokenUsage tokens) {
    Recent recent = models.get(model, key -> new Recent());
    recent.lock.lock();
    try {
      int at = recent.seen % REMEMBERED;
      recent.input[at] = tokens.input();
      recent.output[at] = tokens.output();
      recent.seen = recent.seen == Integer.MAX_VALUE ? REMEMBERED : recent.seen + 1;
    } finally {
      recent.lock.unlock();
    }
  }

  /** Learns from calls of the past, the latest first, unless enough is known already. */
  public void recall(String model, List<TokenUsage> calls) {
    if (recent(model, true).length < ENOUGH) {
      calls.stream().limit(REMEMBERED).forEach(tokens -> learn(model, tokens));
    }
  }

  /** Input tokens that 95 of 100 recent calls did not exceed; empty before 20 calls. */
  OptionalLong input(String model) {
    return quantile(model, true);
  }

  /** Output tokens that 95 of 100 recent calls did not exceed; empty before 20 calls. */
  OptionalLong output(String model) {
    return quantile(model, false);
  }

  private OptionalLong quantile(String model, boolean input) {
    long[] sorted = recent(model, input);
    if (sorted.length < ENOUGH) {
      if (!asked.get() && asked.compareAndSet(false, true)) {
        past.accept(this);
      }
      return OptionalLong.empty();
    }
    Arrays.sort(sorted);
    return OptionalLong.of(sorted[(sorted.length * PERCENT + 99) / 100 - 1]);
  }

  private long[] recent(String model, boolean input) {
    Recent recent = models.get(model);
    if (recent == null) {
      return NONE;
    }
    recent.lock.lock();
    try {
      return Arrays.copyOf(input ? recent.input : recent.output, Math.min(recent.seen, REMEMBERED));
    } finally {
      recent.lock.unlock();
    }
  }
}
