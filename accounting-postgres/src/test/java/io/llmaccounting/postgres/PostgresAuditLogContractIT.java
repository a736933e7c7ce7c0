package io.llmaccounting.postgres;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.AuditLogContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class PostgresAuditLogContractIT extends AuditLogContract {
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
