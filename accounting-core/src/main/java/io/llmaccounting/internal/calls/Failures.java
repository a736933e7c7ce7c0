package io.llmaccounting.internal.calls;

import io.llmaccounting.ErrorPolicy;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Receipt;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the error policy: what fails is thrown, or counted, logged and handed on. Thread-safe.
 */
public final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private final ErrorPolicy policy;
  private final Consumer<RuntimeException> handler;
  private final LongAdder count = new LongAdder();

  /** Applies {@code policy}; {@code handler} is told of every failure that is not thrown. */
  public Failures(ErrorPolicy policy, Consumer<RuntimeException> handler) {
    this.policy = policy;
    this.handler = handler;
  }

  /** What {@code work} returns; if it fails and calls go on, what {@code instead} returns. */
  public <T> T guard(String consequence, Supplier<T> work, Supplier<T> instead) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      if (policy == ErrorPolicy.FAIL) {
        throw e;
      }
      contain(consequence, e);
      return instead.get();
    }
  }

  /** Counts, logs and hands on what is never thrown, whatever the policy. */
  public void contain(String consequence, RuntimeException failure) {
    count.increment();
    LOG.error("{}; the application's call goes on", consequence, failure);
    handOn(failure);
  }

  /** The receipt of a call that was not stored. */
  public static Receipt notRecorded(UUID id, @Nullable Cost cost) {
    return new Receipt(id, cost, Receipt.Status.NOT_RECORDED, List.of());
  }

  private void handOn(RuntimeException error) {
    try {
      handler.accept(error);
    } catch (RuntimeException e) {
      LOG.error("the error handler failed on {}", error.toString(), e);
    }
  }

  /** How many failures were not thrown. */
  public long count() {
    return count.sum();
  }
}
