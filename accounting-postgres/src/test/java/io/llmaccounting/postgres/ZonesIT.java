package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ZonesIT {
  private final TimeZone before = TimeZone.getDefault();
  @RegisterExtension final TestSchema schema = TestSchema.create();
  private final ManualClock clock = ManualClock.create();

  @AfterEach
  void restore() {
    TimeZone.setDefault(before);
  }

  /** Scenario 17. */
  @Test
  void ofTheVirtualMachineAndTheSessionChangeNothing() {
    List<List<RecordedUsage>> records = new ArrayList<>();
    List<List<ReportRow>> days = new ArrayList<>();
    for (String zone : List.of("America/St_Johns", "Pacific/Kiritimati")) {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      try (LlmAccounting accounting =
          LlmAccounting.builder(schema.open(clock)).clock(clock).build()) {
        if (records.isEmpty()) {
          accounting.track(aCall().in("p").costing("0.02").at(clock.instant()).usage());
        }
        records.add(accounting.tail());
        days.add(
            accounting
                .report(TimeRange.always())
                .by(Dimension.PROJECT)
                .each(TimeBucket.DAY, ZoneOffset.UTC)
                .run()
                .rows());
      }
    }

    assertThat(records.get(1)).isEqualTo(records.get(0)).hasSize(1);
    assertThat(days.get(1)).isEqualTo(days.get(0)).hasSize(1);
  }
}
