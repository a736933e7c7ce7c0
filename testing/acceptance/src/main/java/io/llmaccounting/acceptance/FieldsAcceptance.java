package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;

import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testing.FullCall;
import io.llmaccounting.testing.OneChanged;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageId;
import io.llmaccounting.usage.UsageQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Everything that is known of a call is stored, read and compared: each component of its record is
 * changed alone, also one that is added to it some day.
 */
public class FieldsAcceptance extends AcceptanceTest {
  /** What a repetition may say otherwise: its identity, and what the library makes of it. */
  private static final String NO_CONTENT = "id|computedCost\\..*|costPolicy|parts\\.price\\..*";

  /** What makes a repetition an earlier, lesser figure, which is no contradiction. */
  private static final String LESSER = "source";

  /** What is content only where the caller states it, as callers do here. */
  private static final String TIMES = "occurredAt|details\\.(latency|timeToFirstToken)";

  private final Random random = new Random(1);

  private UUID newId(Usage call) {
    return UsageId.create(call.occurredAt(), random);
  }

  /** Why {@code call} is not recorded, or null where it is. */
  private String refusal(Usage call) {
    try {
      Receipt unused = accounting().track(call);
      return null;
    } catch (UsageConflictException e) {
      return e.getMessage();
    }
  }

  @Test
  final void eachIsStoredAndReadAlone() {
    List<UsageHistory> given = new ArrayList<>();
    for (OneChanged<UsageHistory> one : FullCall.histories()) {
      UsageHistory history = one.value();
      RecordedUsage record = history.record();
      Usage own = OneChanged.with(record.usage(), "id", newId(record.usage()));
      if (!one.component().equals("key")) {
        own = OneChanged.with(own, "key", "key of " + one.component() + given.size());
      }
      given.add(new UsageHistory(OneChanged.with(record, "usage", own), history.adjustments()));
    }

    assertThat(accounting().admin().transfer().restore(given.iterator()).added())
        .isEqualTo(given.size());

    List<UsageHistory> known = new ArrayList<>();
    another().admin().transfer().records(TimeRange.always(), UsageFilter.all(), known::add);
    assertThat(known).containsExactlyInAnyOrderElementsOf(given);
  }

  @Test
  final void eachIsContentOrSaysWhyNot() {
    Usage stored = FullCall.usage();
    accounting().track(stored);

    for (OneChanged<Usage> one : OneChanged.of(stored)) {
      if (one.component().matches("key|attribution\\.project")) {
        continue; // a key is one within its project
      }
      Usage again = OneChanged.with(one.value(), "id", newId(one.value()));
      if (one.component().matches(NO_CONTENT)) {
        assertThat(accounting().track(again)).hasStatus(Receipt.Status.DUPLICATE);
        assertThat(stored.describesSameCallAs(again)).as(one.component()).isTrue();
      } else {
        assertThat(refusal(again) == null)
            .as(one.component())
            .isEqualTo(one.component().equals(LESSER));
        assertThat(stored.describesSameCallAs(again))
            .as(one.component())
            .isEqualTo(one.component().matches(TIMES));
      }
    }
    assertThat(backend().usage().latest(UsageQuery.latest(100))).hasSize(1);
  }

  @Test
  final void whatAnIdSaysOtherwiseIsNamed() {
    Usage stored = FullCall.usage();
    Receipt first = accounting().track(stored);

    for (OneChanged<Usage> one : OneChanged.of(stored)) {
      if (!one.component().matches(NO_CONTENT) && !one.component().equals(LESSER)) {
        assertThat(refusal(one.value()))
            .as(one.component())
            .matches("(?s).*\\w+ (\\(not shown\\)|\\S+, stored ).*");
      }
    }
    assertThat(stored(first.id()).usage().attribution()).isEqualTo(stored.attribution());
  }
}
