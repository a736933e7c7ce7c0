package io.llmaccounting.postgres;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.HoldContract;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Holds are sent in the form that a cluster hands on. */
class SpreadOutHoldContractIT extends HoldContract {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.connectOverServers(clock);
  }
}
