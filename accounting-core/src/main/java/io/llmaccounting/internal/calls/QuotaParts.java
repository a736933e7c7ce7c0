package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.outage.OutageAdmission;

/**
 * The parts that let calls in, keep their holds, and look at limits.
 *
 * @param counters reads counters without holding anything
 * @param commits books holds
 * @param recorder books what calls consumed
 * @param outage decides while the store is away
 * @param failures is told of contained failures
 */
public record QuotaParts(
    CallRequests requests,
    CounterReader counters,
    GroupCommit commits,
    Recorder recorder,
    Events events,
    DenialMemory denials,
    OutageAdmission outage,
    Failures failures) {}
