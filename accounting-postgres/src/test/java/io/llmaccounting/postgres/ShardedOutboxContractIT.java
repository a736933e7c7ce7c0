package io.llmaccounting.postgres;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.PostgresSettings.Sharding;
import io.llmaccounting.testkit.contract.OutboxContract;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShardedOutboxContractIT extends OutboxContract {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.connect(schema.settings().clock(clock).sharding(Sharding.BY_PROJECT));
  }
}
