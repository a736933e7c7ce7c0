package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SpreadOutBulkIT {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  /** Each call makes four rollups of its own: more parameters than a driver sends at once. */
  @Test
  void manyRowsAreSentInAsManyPartsAsTheDriverTakes() {
    ManualClock clock = ManualClock.create();
    List<Usage> calls =
        IntStream.range(0, 1_500)
            .mapToObj(i -> aCall().in("project " + i % 40).by("user " + i).usage())
            .toList();
    try (LlmAccounting accounting =
        LlmAccounting.builder(schema.connectOverServers(clock)).clock(clock).build()) {
      assertThat(accounting.trackAll(calls).recorded()).isEqualTo(1_500);

      assertThat(accounting.report(TimeRange.always()).run().total().calls()).isEqualTo(1_500);
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }
}
