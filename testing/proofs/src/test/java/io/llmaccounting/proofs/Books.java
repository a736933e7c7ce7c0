package io.llmaccounting.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** What is booked in the end. */
final class Books {
  private Books() {}

  /** The ids of all records. */
  static Set<UUID> ids(ProofStore store) {
    Set<UUID> ids = new HashSet<>();
    try (UsageBackend backend = store.backend()) {
      backend
          .usage()
          .scan(
              TimeRange.always(),
              UsageFilter.all(),
              usage -> assertThat(ids.add(usage.usage().id())).as("booked once").isTrue());
    }
    return ids;
  }

  /** Every acknowledged call is there once, and everything adds up; returns how many are there. */
  static int assertComplete(ProofStore store, Set<UUID> acknowledged) {
    try (LlmAccounting accounting = store.accounting().build()) {
      Drained.wait(accounting);
      Set<UUID> ids = ids(store);
      assertThat(ids).containsAll(acknowledged);
      assertThat(accounting.report(TimeRange.always()).run().total().calls()).isEqualTo(ids.size());
      assertThat(accounting.admin().verify().differences()).isEmpty();
      return ids.size();
    }
  }
}
