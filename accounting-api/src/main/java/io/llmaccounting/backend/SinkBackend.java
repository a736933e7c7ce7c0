package io.llmaccounting.backend;

/** A backend that also keeps what sinks have yet to deliver. */
public interface SinkBackend extends UsageBackend {
  /** Keeps sinks, and what each has yet to deliver. */
  Outbox outbox();

  /** Delivers again what was refused, or what was recorded long ago. */
  Redelivery redelivery();
}
