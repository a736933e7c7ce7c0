package io.llmaccounting.postgres;

import io.llmaccounting.acceptance.HealthAcceptance;
import io.llmaccounting.backend.UsageBackend;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresHealthAcceptanceIT extends HealthAcceptance {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.open(clock);
  }
}
