package io.llmaccounting.sqlite.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledWhileTrackingTest {
  private static final int KILLS = Integer.getInteger("llm.accounting.test.kills", 3);

  @TempDir Path folder;

  @Test
  void losesNothingThatWasAcknowledgedAndCountsNothingTwice() throws Exception {
    Path file = folder.resolve("usage.db");
    Random random = new Random(7);
    Set<UUID> acknowledged = new HashSet<>();

    for (int kill = 0; kill < KILLS; kill++) {
      acknowledged.addAll(acknowledgedBeforeKill(file, 1 + random.nextInt(300)));
    }

    try (SqliteBackend backend = SqliteBackend.open(file);
        LlmAccounting accounting = LlmAccounting.create(backend)) {
      Set<UUID> stored = new HashSet<>();
      backend
          .usage()
          .scan(
              TimeRange.always(), UsageFilter.all(), usage -> stored.add(onlyOnce(stored, usage)));
      UsageReport report =
          accounting.report(TimeRange.always()).by(Dimension.PROJECT, Dimension.USER).run();
      assertThat(stored).containsAll(acknowledged);
      assertThat(report.total().calls()).isEqualTo(stored.size());
      assertThat(report.total().cost().nanos()).isEqualTo(7L * stored.size());
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }

  private static UUID onlyOnce(Set<UUID> stored, RecordedUsage usage) {
    assertThat(stored).doesNotContain(usage.usage().id());
    return usage.usage().id();
  }

  private static Set<UUID> acknowledgedBeforeKill(Path file, int calls)
      throws IOException, InterruptedException {
    Set<UUID> acknowledged = new HashSet<>();
    try (ChildProcess child = ChildProcess.of(TrackingMain.class, file.toString())) {
      while (acknowledged.size() < calls) {
        String line = child.line();
        assertThat(line).as("the child ended by itself").isNotNull();
        acknowledged.add(UUID.fromString(line));
      }
      child.kill();
    }
    return acknowledged;
  }
}
