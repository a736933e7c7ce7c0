package io.llmaccounting.backend;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Delivers again. Safe for use by many threads. Methods throw {@link UnknownSinkException} where
 * the sink is not open.
 */
public interface Redelivery {
  /** What a sink refused, the latest first. */
  List<RefusedDelivery> refused(String sink, int most);

  /**
   * Puts records that were refused into the outbox again.
   *
   * @return how many of {@code ids} had been refused
   */
  int again(String sink, Set<UUID> ids);

  /**
   * Delivers all calls made at {@code from} or later once more, beside what is recorded meanwhile.
   * What is being delivered from an earlier instant on stays so.
   */
  void replay(String sink, Instant from);
}
