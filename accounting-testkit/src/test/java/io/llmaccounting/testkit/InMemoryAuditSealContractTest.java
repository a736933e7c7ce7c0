package io.llmaccounting.testkit;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.AuditSealContract;
import java.time.InstantSource;

class InMemoryAuditSealContractTest extends AuditSealContract {
  private final InMemoryStorage storage = InMemoryStorage.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return InMemoryBackend.open(storage, clock);
  }
}
