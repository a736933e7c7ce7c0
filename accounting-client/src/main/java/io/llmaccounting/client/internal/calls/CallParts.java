package io.llmaccounting.client.internal.calls;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What a call under way works with.
 *
 * @param id of its hold and record
 * @param request as it was admitted
 * @param admission what was decided
 * @param kept its hold
 * @param startedAt when it was asked for: its record says this
 * @param admittedAt when it was let in: the model is asked from then on
 * @param desk where it was begun
 */
record CallParts(
    UUID id,
    CallRequest request,
    Decision.Admitted admission,
    KeptHold kept,
    Instant startedAt,
    Instant admittedAt,
    CallDesk desk) {

  /** How long it runs, without the time that deciding about it took. */
  Duration elapsed() {
    Duration elapsed = Duration.between(admittedAt, desk.settings().now());
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }
}
