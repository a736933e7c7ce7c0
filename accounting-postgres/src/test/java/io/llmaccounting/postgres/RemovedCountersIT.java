package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Counters that a process has met and that others have removed since, as idle ones are. */
class RemovedCountersIT {
  private final ManualClock clock = ManualClock.create();

  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Test
  void areMadeAgain() {
    try (LlmAccounting accounting =
        LlmAccounting.builder(schema.open(clock)).clock(clock).build()) {
      accounting.limits().save(Limit.named("five").requests(5).rolling(Duration.ofHours(1)));
      track(accounting);
      schema.run("DELETE FROM quota_counter");

      track(accounting);
      track(accounting);

      assertThat(schema.rows("SELECT count(*) FROM quota_counter")).hasToString("[[1]]");
      assertThat(accounting.limits().status("five").get(0).used()).isEqualTo(2);
    }
  }

  private static void track(LlmAccounting accounting) {
    accounting.track().model("m").inputTokens(1).outputTokens(1).record();
  }
}
