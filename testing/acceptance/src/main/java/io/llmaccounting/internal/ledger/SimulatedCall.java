package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.lease.LeasedCall;
import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.UUID;

/** A call under way. */
final class SimulatedCall {
  final UUID id;
  final CallRequest request;
  final LeasedCall leased;
  final Instant admitted;
  Expectation expected;
  Usage told;
  boolean covered = true;

  SimulatedCall(
      UUID id, CallRequest request, LeasedCall leased, Instant admitted, Expectation expected) {
    this.id = id;
    this.request = request;
    this.leased = leased;
    this.admitted = admitted;
    this.expected = expected;
  }
}
