package io.llmaccounting.postgres;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.OldUsageContract;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys and records are sent in the form that a cluster hands on. */
class SpreadOutOldUsageContractIT extends OldUsageContract {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.connectOverServers(clock);
  }
}
