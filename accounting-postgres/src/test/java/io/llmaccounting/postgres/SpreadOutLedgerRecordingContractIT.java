package io.llmaccounting.postgres;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.LedgerRecordingContract;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rows are sent in the form that a cluster hands on. */
class SpreadOutLedgerRecordingContractIT extends LedgerRecordingContract {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.connectOverServers(clock);
  }
}
