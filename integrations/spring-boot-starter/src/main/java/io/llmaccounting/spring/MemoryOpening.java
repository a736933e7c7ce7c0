package io.llmaccounting.spring;

import io.llmaccounting.testkit.InMemoryBackend;

/** Keeps usage in memory; loaded only where accounting-testkit is there. */
final class MemoryOpening {
  static final BackendOpener OPENER = InMemoryBackend::create;

  private MemoryOpening() {}
}
