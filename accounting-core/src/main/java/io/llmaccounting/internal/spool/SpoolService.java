package io.llmaccounting.internal.spool;

import java.time.Duration;

/** What is started, woken and ended of a spool; there may be nothing of it. */
public interface SpoolService {
  /** Starts to bring records back to the store, those of an earlier process too. */
  default void start() {}

  /** Brings records back now, because the store is back. */
  default void wake() {}

  /** Brings no more records back; those that wait are left for the next start. */
  default void stopReplay(Duration deadline) {}

  /** Writes the records that are under way, then closes the spool. */
  default void close(Duration deadline) {}
}
