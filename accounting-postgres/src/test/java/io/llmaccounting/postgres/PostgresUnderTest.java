package io.llmaccounting.postgres;

import io.llmaccounting.acceptance.BackendUnderTest;
import io.llmaccounting.acceptance.Meddling;
import io.llmaccounting.acceptance.SqlMeddling;
import io.llmaccounting.acceptance.StorageUnderTest;
import io.llmaccounting.backend.UsageBackend;
import java.time.InstantSource;

/** PostgreSQL, which has no spool of its own. */
public final class PostgresUnderTest implements BackendUnderTest {
  private record Stored(TestSchema schema) implements StorageUnderTest {
    @Override
    public UsageBackend open(InstantSource clock) {
      return schema.open(clock);
    }

    @Override
    public Meddling meddling() {
      return new SqlMeddling(schema::run, id -> "'" + id + "'");
    }

    @Override
    public void close() {
      schema.close();
    }
  }

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public StorageUnderTest create() {
    return new Stored(TestSchema.create());
  }
}
