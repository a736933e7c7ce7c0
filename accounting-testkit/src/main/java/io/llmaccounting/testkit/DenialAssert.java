package io.llmaccounting.testkit;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions about why a call must not be made, and when it would fit. Confined to one thread. */
public final class DenialAssert extends AbstractAssert<DenialAssert, Decision.Denied> {
  DenialAssert(Decision.Denied actual) {
    super(actual, DenialAssert.class);
  }

  /** Asserts that the limit of this name is among those that have no room. */
  public DenialAssert byLimit(String limit) {
    Assertions.assertThat(names()).as("limits without room").contains(limit);
    return this;
  }

  /** Asserts that exactly the limits of these names have no room, the most constrained first. */
  public DenialAssert byExactly(String... limits) {
    Assertions.assertThat(names()).as("limits without room").containsExactly(limits);
    return this;
  }

  /** Asserts that the most constrained limit gives this reason. */
  public DenialAssert because(Exceeded.Reason reason) {
    Assertions.assertThat(actual.primary().reason()).as("reason of %s", actual).isEqualTo(reason);
    return this;
  }

  /** Asserts how many units are used under the most constrained limit. */
  public DenialAssert used(long units) {
    Assertions.assertThat(actual.primary().status().used())
        .as("used according to %s", actual)
        .isEqualTo(units);
    return this;
  }

  /** Asserts how many units calls under way hold under the most constrained limit. */
  public DenialAssert held(long units) {
    Assertions.assertThat(actual.primary().status().held())
        .as("held according to %s", actual)
        .isEqualTo(units);
    return this;
  }

  /** Asserts that the call would fit after exactly this wait, and not before. */
  public DenialAssert retryAfter(Duration wait) {
    Assertions.assertThat(actual.retryAfter()).as("retry after, of %s", actual).contains(wait);
    return this;
  }

  /** Asserts that the call would never fit, however long one waits. */
  public DenialAssert neverFits() {
    Assertions.assertThat(actual.fitsAt()).as("fits at, of %s", actual).isEmpty();
    return this;
  }

  private List<String> names() {
    return actual.exceeded().stream().map(exceeded -> exceeded.status().limit().name()).toList();
  }
}
