package io.llmaccounting.testkit;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.ReportSlicesContract;
import java.time.InstantSource;

class InMemoryReportSlicesContractTest extends ReportSlicesContract {
  private final InMemoryStorage storage = InMemoryStorage.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return InMemoryBackend.open(storage, clock);
  }
}
