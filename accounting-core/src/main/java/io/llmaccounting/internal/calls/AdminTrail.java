package io.llmaccounting.internal.calls;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.internal.audit.Draft;
import io.llmaccounting.internal.audit.EntryWriter;
import java.time.Instant;
import java.util.Map;

/**
 * Leaves an audit entry for every administrative act. The act is in force when the entry is
 * written, so that an entry that fails is no failure of the act: it is contained, whatever the
 * error policy. Safe for use by many threads.
 */
public final class AdminTrail {
  private final CallSettings settings;
  private final EntryWriter writer;
  private final Failures failures;

  /** Writes by {@code writer}. */
  public AdminTrail(CallSettings settings, EntryWriter writer, Failures failures) {
    this.settings = settings;
    this.writer = writer;
    this.failures = failures;
  }

  /** An act has been done; what it was about is named by names. */
  public void append(String act, Map<String, String> about) {
    Instant now = settings.now();
    try {
      writer.write(Draft.of(settings.newId(now), now, AuditEntry.ADMIN, act, about));
    } catch (RuntimeException e) {
      String what =
          "\"%s\" %s is in force, but its audit entry was not written".formatted(act, about);
      failures.contain(Failures.Consequence.AUDIT_NOT_WRITTEN, what, e);
    }
  }
}
