package io.llmaccounting.testkit;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.LimitEditContract;
import java.time.InstantSource;

class InMemoryLimitEditContractTest extends LimitEditContract {
  private final InMemoryStorage storage = InMemoryStorage.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return InMemoryBackend.open(storage, clock);
  }
}
