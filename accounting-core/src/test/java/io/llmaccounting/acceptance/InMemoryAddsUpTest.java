package io.llmaccounting.acceptance;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.InMemoryStorage;
import java.time.InstantSource;

class InMemoryAddsUpTest extends AddsUpAcceptance {
  private final InMemoryStorage storage = InMemoryStorage.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return InMemoryBackend.open(storage, clock);
  }
}
