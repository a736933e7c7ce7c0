package io.llmaccounting.postgres;

import io.llmaccounting.acceptance.RestoredHistoryAcceptance;
import io.llmaccounting.backend.UsageBackend;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresRestoredHistoryAcceptanceIT extends RestoredHistoryAcceptance {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.open(clock);
  }
}
