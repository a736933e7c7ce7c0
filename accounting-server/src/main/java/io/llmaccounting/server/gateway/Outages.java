package io.llmaccounting.server.gateway;

import io.llmaccounting.backend.BackendException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says in the log why requests are answered that the store is not available, once a minute with how
 * many there were. Safe for use by many threads.
 */
final class Outages {
  private static final long PAUSE = Duration.ofMinutes(1).toNanos();

  private final Consumer<String> log;
  private final LongSupplier nanos;
  private final AtomicLong untold = new AtomicLong();
  private final AtomicLong toldAt = new AtomicLong(Long.MIN_VALUE);

  /**
   * @param log is told
   * @param nanos a clock like {@link System#nanoTime}
   */
  Outages(Consumer<String> log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
  }

  /** A request was not answered for this reason. */
  void tell(BackendException why) {
    long many = untold.incrementAndGet();
    long last = toldAt.get();
    long now = nanos.getAsLong();
    if ((last == Long.MIN_VALUE || now - last >= PAUSE) && toldAt.compareAndSet(last, now)) {
      untold.addAndGet(-many);
      log.accept(
          "%d requests were refused because the store is not available: %s"
              .formatted(many, why.getMessage()));
    }
  }
}
