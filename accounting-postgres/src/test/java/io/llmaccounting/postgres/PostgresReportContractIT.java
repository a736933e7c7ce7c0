package io.llmaccounting.postgres;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.contract.ReportContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class PostgresReportContractIT extends ReportContract {
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
