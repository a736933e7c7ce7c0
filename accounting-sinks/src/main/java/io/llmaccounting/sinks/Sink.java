package io.llmaccounting.sinks;

import io.llmaccounting.backend.OutboxItem;
import java.io.IOException;
import java.util.List;

/**
 * A receiver of what was recorded. One thread at a time delivers to it; {@link #close} may come
 * from another one, while a delivery is under way.
 *
 * <p>Authors prove theirs with {@code SinkContract} of the tests of this module.
 */
public interface Sink extends AutoCloseable {
  /**
   * Its name, by which the store knows what it has yet to deliver: another name is another sink.
   * Always the same.
   */
  String name();

  /**
   * Delivers a batch. What it reports as taken must be safe by then, because it is never delivered
   * again unless somebody asks for it; what it took before it failed may be delivered again, under
   * the same ids.
   *
   * @param batch one record or more, none twice, names redacted as configured
   * @throws IOException if nothing can be delivered at present; it is tried again later
   * @throws InterruptedException if it was interrupted, because it took too long or is to stop
   */
  Delivery deliver(List<OutboxItem> batch) throws IOException, InterruptedException;

  /** Releases what it holds. Closing again does nothing. */
  @Override
  void close();
}
