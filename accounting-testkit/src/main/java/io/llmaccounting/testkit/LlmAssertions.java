package io.llmaccounting.testkit;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;
import org.assertj.core.api.Assertions;

/**
 * AssertJ's assertions and those of this library behind one import: {@code
 * assertThat(decision).isDenied().byLimit("alice hourly").retryAfter(ofMinutes(5))}.
 */
public final class LlmAssertions extends Assertions {
  private LlmAssertions() {}

  /** Starts assertions about a decision on a call. */
  public static DecisionAssert assertThat(Decision actual) {
    return new DecisionAssert(actual);
  }

  /** Starts assertions about what recording a call returned. */
  public static ReceiptAssert assertThat(Receipt actual) {
    return new ReceiptAssert(actual);
  }

  /** Starts assertions about sums over calls. */
  public static TotalsAssert assertThat(UsageTotals actual) {
    return new TotalsAssert(actual);
  }

  /** Starts assertions about the sums over all rows of a report. */
  public static TotalsAssert assertThat(UsageReport actual) {
    return new TotalsAssert(actual.total()).as("total of the report");
  }
}
