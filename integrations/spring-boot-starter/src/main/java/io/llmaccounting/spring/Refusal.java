package io.llmaccounting.spring;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.internal.Problem;
import java.util.Optional;

/** Why a request is refused before, or while, it is answered. */
final class Refusal {
  private static final int BAD_REQUEST = 400;

  private Refusal() {}

  /** The problem that an error is about, also where it is the cause of another. */
  static Optional<Problem> in(Throwable error, boolean tellsLimits) {
    Optional<QuotaExceededException> denial = Problem.denialIn(error);
    return denial.isPresent()
        ? denial.map(one -> Problem.of(one.denied(), tellsLimits))
        : Problem.causeIn(error, UnusableHeaderException.class)
            .map(
                one ->
                    Problem.of(
                        "unusable-header",
                        "Unusable header",
                        BAD_REQUEST,
                        String.valueOf(one.getMessage())));
  }
}
