package io.llmaccounting.postgres;

import io.llmaccounting.acceptance.AdaptersAcceptance;
import io.llmaccounting.backend.UsageBackend;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresAdaptersAcceptanceIT extends AdaptersAcceptance {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.open(clock);
  }
}
