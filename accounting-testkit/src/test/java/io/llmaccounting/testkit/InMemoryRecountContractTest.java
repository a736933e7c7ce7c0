package io.llmaccounting.testkit;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.RecountContract;
import java.time.InstantSource;

class InMemoryRecountContractTest extends RecountContract {
  private final InMemoryStorage storage = InMemoryStorage.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return InMemoryBackend.open(storage, clock);
  }
}
