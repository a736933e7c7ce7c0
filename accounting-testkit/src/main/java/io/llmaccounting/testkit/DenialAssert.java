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

  /** Among the limits that have no room is the one of this name. */
  public DenialAssert byLimit(String limit) {
    Assertions.assertThat(names()).as("limits without room").contains(limit);
    return this;
  }

  /** Exactly the limits of these names have no room, the most constrained first. */
  public DenialAssert byExactly(String... limits) {
    Assertions.assertThat(names()).as("limits without room").containsExactly(limits);
    return this;
  }

  /** For the most constrained limit it says this reason. */
  public DenialAssert because(Exceeded.Reason reason) {
    Assertions.assertThat(actual.primary().reason()).as("reason of %s", actual).isEqualTo(reason);
    return this;
  }

  /** Under the most constrained limit so many units are used. */
  public DenialAssert used(long units) {
    Assertions.assertThat(actual.primary().status().used())
        .as("used according to %s", actual)
        .isEqualTo(units);
    return this;
  }

  /** Under the most constrained limit so many units are held by calls under way. */
  public DenialAssert held(long units) {
    Assertions.assertThat(actual.primary().status().held())
        .as("held according to %s", actual)
        .isEqualTo(units);
    return this;
  }

  /** The call would fit after exactly this wait, and not before. */
  public DenialAssert retryAfter(Duration wait) {
    Assertions.assertThat(actual.retryAfter()).as("retry after, of %s", actual).contains(wait);
    return this;
  }

  /** The call would never fit, however long one waits. */
  public DenialAssert neverFits() {
    Assertions.assertThat(actual.fitsAt()).as("fits at, of %s", actual).isEmpty();
    return this;
  }

  private List<String> names() {
    return actual.exceeded().stream().map(exceeded -> exceeded.status().limit().name()).toList();
  }
}
