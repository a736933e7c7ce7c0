package io.llmaccounting.internal.calls;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.SealedEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Leaves an audit entry for every administrative act. Safe for use by many threads. */
public final class AdminTrail {
  private final CallSettings settings;
  private final AuditLog log;

  /** Writes to {@code log}. */
  public AdminTrail(CallSettings settings, AuditLog log) {
    this.settings = settings;
    this.log = log;
  }

  /** An act has been done; what it was about is named by names. */
  public void append(String act, Map<String, String> about) {
    Instant now = settings.now();
    log.append(
        List.of(SealedEntry.unsealed(AuditEntry.admin(settings.newId(now), now, act, about))));
  }
}
