package io.llmaccounting.internal.ledger;

import io.llmaccounting.internal.quota.Expectation;
import io.llmaccounting.limit.CallRequest;
import java.util.UUID;

/**
 * A call that wants to be admitted, completed and priced.
 *
 * @param id of the hold and of the record to come
 * @param call who calls what, defaults filled in
 * @param expected what it is expected to consume
 * @param livesMicros how long the hold lives unless renewed
 */
public record HoldRequest(UUID id, CallRequest call, Expectation expected, long livesMicros) {}
