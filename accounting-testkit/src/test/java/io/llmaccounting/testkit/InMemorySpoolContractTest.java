package io.llmaccounting.testkit;

import io.llmaccounting.backend.Spool;
import io.llmaccounting.testkit.contract.SpoolContract;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

class InMemorySpoolContractTest extends SpoolContract {
  private @Nullable InMemorySpool spool;

  @Override
  protected Spool open(InstantSource clock) {
    spool = spool == null ? InMemorySpool.create(clock).maxCalls(1_500) : spool.reopened();
    return spool;
  }
}
