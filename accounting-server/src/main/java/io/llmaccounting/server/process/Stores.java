package io.llmaccounting.server.process;

import io.llmaccounting.backend.SchemaVersion;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.server.config.StoreSettings;

/** Opens stores. */
public interface Stores {
  /**
   * Opens the store.
   *
   * @param mayCreate whether it is created or brought to this version where that is needed
   */
  UsageBackend open(StoreSettings settings, boolean mayCreate);

  /** Whether there is no file of it yet; a database that is asked over the network never is. */
  boolean isAbsent(StoreSettings settings);

  /** How its schema stands, which is neither created nor changed by this. */
  SchemaVersion version(StoreSettings settings);
}
