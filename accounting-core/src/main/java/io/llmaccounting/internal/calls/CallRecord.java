package io.llmaccounting.internal.calls;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFields;
import java.time.Instant;
import java.util.UUID;

/** Collects the record of a call that was held. Confined to one thread at a time. */
public final class CallRecord extends UsageFields<CallRecord> {
  private final UUID id;
  private final Instant startedAt;

  /** A call with the id of its hold, made at {@code startedAt}. */
  public CallRecord(UUID id, Instant startedAt) {
    this.id = id;
    this.startedAt = startedAt;
    id(id).at(startedAt);
  }

  @Override
  protected CallRecord self() {
    return this;
  }

  /** The record as collected so far. */
  public Usage build() {
    return usage(at -> id, startedAt, Attribution.NONE);
  }
}
