package io.llmaccounting.postgres;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.testkit.contract.ReportSlicesContract;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresReportSlicesContractIT extends ReportSlicesContract {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.open(clock);
  }

  @Override
  protected UsageStore reading(UsageBackend backend, Runnable between) {
    return WatchedReads.of(schema, Shards.single(), 3, () -> {}, between);
  }
}
