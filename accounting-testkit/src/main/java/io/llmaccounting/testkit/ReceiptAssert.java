package io.llmaccounting.testkit;

import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions about what recording a call returned. Confined to one thread. */
public final class ReceiptAssert extends AbstractAssert<ReceiptAssert, Receipt> {
  ReceiptAssert(Receipt actual) {
    super(actual, ReceiptAssert.class);
  }

  /** Asserts that the call was stored and booked. */
  public ReceiptAssert isRecorded() {
    return hasStatus(Receipt.Status.RECORDED);
  }

  /** Asserts that the same call was stored before. */
  public ReceiptAssert isDuplicate() {
    return hasStatus(Receipt.Status.DUPLICATE);
  }

  /** Asserts what became of the record. */
  public ReceiptAssert hasStatus(Receipt.Status status) {
    isNotNull();
    Assertions.assertThat(actual.status()).as("status of %s", actual).isEqualTo(status);
    return this;
  }

  /** Asserts exactly this cost, in US dollars, for instance {@code "0.0379055"}. */
  public ReceiptAssert hasCost(String dollars) {
    isNotNull();
    Assertions.assertThat(actual.cost()).as("cost of %s", actual).contains(Cost.usd(dollars));
    return this;
  }

  /** Asserts that the cost is unknown. */
  public ReceiptAssert isUnpriced() {
    isNotNull();
    Assertions.assertThat(actual.cost()).as("cost of %s", actual).isEmpty();
    return this;
  }

  /** Asserts how many units are left under the limit of this name. */
  public ReceiptAssert leaves(String limit, long remaining) {
    isNotNull();
    RemainingUnits.require(actual.remaining(), limit, remaining);
    return this;
  }
}
