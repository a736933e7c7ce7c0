package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPropertyTest {
  private static final long SEED = 77;
  private static final TimeRange DATA =
      new TimeRange(Instant.parse("2026-03-20T00:00:00Z"), Instant.parse("2026-04-03T00:00:00Z"));

  @TempDir Path directory;

  @Test
  void rowsAndTheirDistributionsEqualThoseOfTheBackendInMemory() {
    List<Usage> usages = new GeneratedCalls(SEED, 2_000, DATA).usages(0, 2_000);
    try (SqliteBackend sqlite = SqliteBackend.open(directory.resolve("usage.db"));
        InMemoryBackend memory = InMemoryBackend.create()) {
      Bookings.record(sqlite, usages);
      Bookings.record(memory, usages);

      for (int i = 0; i < 100; i++) {
        ReportQuery query = query(SEED + i);
        assertThat(sqlite.usage().report(query))
            .as("seed %d: %s", SEED + i, query)
            .isEqualTo(memory.usage().report(query));
      }
    }
  }

  private static ReportQuery query(long seed) {
    Random random = new Random(seed);
    ReportQuery drawn = GeneratedReports.query(random, DATA);
    return new ReportQuery(
        drawn.period(),
        drawn.filter(),
        drawn.by(),
        drawn.bucket(),
        drawn.zone(),
        random.nextBoolean());
  }
}
