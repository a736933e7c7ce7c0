package io.llmaccounting.postgres;

import io.llmaccounting.acceptance.DecisionsAcceptance;
import io.llmaccounting.backend.UsageBackend;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class PostgresDecisionsAcceptanceIT extends DecisionsAcceptance {
  private final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.open(clock);
  }

  @AfterEach
  void drop() {
    schema.close();
  }
}
