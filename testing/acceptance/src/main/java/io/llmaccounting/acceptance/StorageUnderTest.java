package io.llmaccounting.acceptance;

import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.UsageBackend;
import java.time.InstantSource;
import java.util.Optional;

/** What one test stores in. Closing it removes it. */
public interface StorageUnderTest extends AutoCloseable {
  /** A backend whose ledger goes by {@code clock}; on the same storage each time. */
  UsageBackend open(InstantSource clock);

  /** Meddles with what is stored. */
  Meddling meddling();

  /**
   * A spool that comes with the backend, the same each time; empty where none does.
   *
   * @param maxBytes what there is room for
   */
  default Optional<Spool> openSpool(InstantSource clock, long maxBytes) {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
