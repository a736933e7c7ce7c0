package io.llmaccounting.testkit;

import io.llmaccounting.limit.Decision;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions about what was decided about a call. Confined to one thread. */
public final class DecisionAssert extends AbstractAssert<DecisionAssert, Decision> {
  DecisionAssert(Decision actual) {
    super(actual, DecisionAssert.class);
  }

  /** Asserts that the call may go ahead. */
  public DecisionAssert isAdmitted() {
    admitted();
    return this;
  }

  /**
   * Asserts that the call may go ahead, and that exactly the limits of these names warn; none if no
   * name is given.
   */
  public DecisionAssert warnsOf(String... limits) {
    List<String> names =
        admitted().warnings().stream().map(warning -> warning.status().limit().name()).toList();
    Assertions.assertThat(names).as("limits that warn").containsExactlyInAnyOrder(limits);
    return this;
  }

  /** Asserts that the call may go ahead, and leaves so many units under the limit of this name. */
  public DecisionAssert leaves(String limit, long remaining) {
    RemainingUnits.require(admitted().limits(), limit, remaining);
    return this;
  }

  /** Asserts that the call must not be made; goes on with assertions about why. */
  public DenialAssert isDenied() {
    isNotNull();
    if (actual instanceof Decision.Denied denied) {
      return new DenialAssert(denied);
    }
    throw failure("expected a denial, but the call was admitted: %s", actual);
  }

  private Decision.Admitted admitted() {
    isNotNull();
    if (actual instanceof Decision.Admitted admitted) {
      return admitted;
    }
    throw failure("expected an admission, but the call was denied: %s", actual);
  }
}
