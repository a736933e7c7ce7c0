package io.llmaccounting.internal.calls;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.internal.audit.Draft;
import io.llmaccounting.internal.audit.EntryWriter;
import java.time.Instant;
import java.util.Map;

/** Leaves an audit entry for every administrative act. Safe for use by many threads. */
public final class AdminTrail {
  private final CallSettings settings;
  private final EntryWriter writer;

  /** Writes by {@code writer}. */
  public AdminTrail(CallSettings settings, EntryWriter writer) {
    this.settings = settings;
    this.writer = writer;
  }

  /** An act has been done; what it was about is named by names. */
  public void append(String act, Map<String, String> about) {
    Instant now = settings.now();
    writer.write(Draft.of(settings.newId(now), now, AuditEntry.ADMIN, act, about));
  }
}
