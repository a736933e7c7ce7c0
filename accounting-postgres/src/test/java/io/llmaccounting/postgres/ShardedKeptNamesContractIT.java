package io.llmaccounting.postgres;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.PostgresSettings.Sharding;
import io.llmaccounting.testkit.contract.KeptNamesContract;
import java.time.InstantSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("sharded-reading")
class ShardedKeptNamesContractIT extends KeptNamesContract {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.connect(schema.settings().clock(clock).sharding(Sharding.BY_PROJECT));
  }
}
