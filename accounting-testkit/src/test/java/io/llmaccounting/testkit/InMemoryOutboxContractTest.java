package io.llmaccounting.testkit;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.OutboxContract;
import java.time.InstantSource;

class InMemoryOutboxContractTest extends OutboxContract {
  private final InMemoryStorage storage = InMemoryStorage.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return InMemoryBackend.open(storage, clock);
  }
}
