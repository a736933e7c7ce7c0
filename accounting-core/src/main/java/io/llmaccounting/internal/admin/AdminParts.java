package io.llmaccounting.internal.admin;

import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.audit.AdminTrail;
import io.llmaccounting.internal.audit.ErasedEntries;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.calls.ExpiredHolds;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.recording.Intake;
import io.llmaccounting.internal.settings.CallSettings;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The parts of an accounting that operators' work needs.
 *
 * @param log where audit entries are
 * @param trail leaves an entry for each act
 * @param erasedEntries begins to erase names in audit entries
 * @param retainAudit removes audit entries older than an instant, and says how many were removed
 */
public record AdminParts(
    UsageBackend backend,
    CallSettings settings,
    GroupCommit commits,
    CurrentLimits limits,
    ExpiredHolds expired,
    Intake intake,
    AuditLog log,
    AdminTrail trail,
    Supplier<ErasedEntries> erasedEntries,
    ToLongFunction<Instant> retainAudit) {}
