package io.llmaccounting.internal.calls;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Leaves an audit entry for every administrative act. Safe for use by many threads. */
public final class AdminTrail {
  private static final int MOST_CHARS = 63;

  private final CallSettings settings;
  private final AuditLog log;

  /** Writes to {@code log}. */
  public AdminTrail(CallSettings settings, AuditLog log) {
    this.settings = settings;
    this.log = log;
  }

  /** An act has been done; a value that is too long for an attribute is cut. */
  public void append(String act, Map<String, String> about) {
    Map<String, String> attributes = new TreeMap<>();
    about.forEach(
        (name, value) ->
            attributes.put(
                name,
                value.length() <= MOST_CHARS ? value : value.substring(0, MOST_CHARS).strip()));
    Instant now = settings.now();
    log.append(List.of(AuditEntry.admin(settings.newId(now), now, act, attributes)));
  }
}
