package io.llmaccounting.server.rest.reach;

import io.llmaccounting.AuditTrail;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditVerification;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a key reaches of the audit log. Safe for use by many threads. */
public final class AuditReach {
  private final AuditTrail trail;
  private final Confinement confinement;

  AuditReach(AuditTrail trail, Confinement confinement) {
    this.trail = trail;
    this.confinement = confinement;
  }

  /** Entries, newest first. */
  public List<AuditEntry> find(AuditQuery query) {
    String project = confinement.require(query.project(), "project");
    return trail.find(project == null ? query : query.project(project));
  }

  /** Proves the log, and that what {@code head} names is still there. */
  public AuditVerification verify(@Nullable AuditHead head) {
    confinement.requireWhole();
    return head == null ? trail.verify() : trail.verify(head);
  }

  /** How far the log goes. */
  public AuditHead head() {
    confinement.requireWhole();
    return trail.head();
  }
}
