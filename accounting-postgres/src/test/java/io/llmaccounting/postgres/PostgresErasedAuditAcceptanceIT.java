package io.llmaccounting.postgres;

import io.llmaccounting.acceptance.ErasedAuditAcceptance;
import io.llmaccounting.acceptance.Meddling;
import io.llmaccounting.acceptance.SqlMeddling;
import io.llmaccounting.backend.UsageBackend;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresErasedAuditAcceptanceIT extends ErasedAuditAcceptance {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.open(clock);
  }

  @Override
  protected Meddling meddling() {
    return new SqlMeddling(schema::run, id -> "'" + id + "'");
  }
}
