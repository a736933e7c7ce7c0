package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Usage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a cluster plans what ledgers ask of it. */
class ShardedPlansIT {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  /** As few records are sent in another form than many. */
  @ParameterizedTest
  @ValueSource(ints = {1, 40})
  void callsOfOneProjectAreBookedByStatementsOfOneShard(int calls) {
    assumeTrue(ClusterPage.isCluster(schema.server()), "no cluster");
    ManualClock clock = ManualClock.create();
    try (LlmAccounting accounting =
        LlmAccounting.builder(schema.open(clock)).clock(clock).build()) {
      // names that are new on their day are written down elsewhere
      accounting.trackAll(calls(calls));
      List<String> unused = schema.booked();
      accounting.trackAll(calls(calls));
    }

    List<String> plans = schema.booked().stream().map(this::plan).toList();

    assertThat(plans).filteredOn(plan -> plan.contains("Insert on usage_event")).isNotEmpty();
    assertThat(plans).filteredOn(plan -> plan.contains("Insert on usage_rollup")).isNotEmpty();
    assertThat(plans)
        .filteredOn(plan -> plan.contains("Citus"))
        .allSatisfy(plan -> assertThat(plan).contains("Task Count: 1\n"));
    assertThat(plans).filteredOn(plan -> plan.contains("Node: ")).hasSize(3);
  }

  private static List<Usage> calls(int count) {
    return Stream.generate(() -> aCall().in("search").by("alice").usage()).limit(count).toList();
  }

  private String plan(String statement) {
    return schema.rows("EXPLAIN (COSTS OFF) " + statement).stream()
        .map(row -> row.get(0))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
