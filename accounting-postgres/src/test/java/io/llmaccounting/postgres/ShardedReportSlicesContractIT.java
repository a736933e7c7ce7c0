package io.llmaccounting.postgres;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.postgres.PostgresSettings.Sharding;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.testkit.contract.ReportSlicesContract;
import java.time.InstantSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("sharded-reading")
class ShardedReportSlicesContractIT extends ReportSlicesContract {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.connect(schema.settings().clock(clock).sharding(Sharding.BY_PROJECT));
  }

  @Override
  protected UsageStore reading(UsageBackend backend, Runnable between) {
    return WatchedReads.of(schema, Shards.byProject(), 3, () -> {}, between);
  }
}
