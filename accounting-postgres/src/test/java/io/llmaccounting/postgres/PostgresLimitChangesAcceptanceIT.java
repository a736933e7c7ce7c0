package io.llmaccounting.postgres;

import io.llmaccounting.acceptance.LimitChangesAcceptance;
import io.llmaccounting.backend.UsageBackend;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class PostgresLimitChangesAcceptanceIT extends LimitChangesAcceptance {
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
