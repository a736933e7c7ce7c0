package io.llmaccounting.postgres;

import io.llmaccounting.acceptance.StagesAcceptance;
import io.llmaccounting.backend.UsageBackend;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresStagesAcceptanceIT extends StagesAcceptance {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.open(clock);
  }
}
