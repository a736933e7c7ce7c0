package io.llmaccounting.server.rest;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.testing.postgres.ServerSchema;
import io.llmaccounting.testkit.ManualClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class PostgresExamplesIT extends ExamplesContract {
  private @Nullable ServerSchema schema;

  @Override
  void clear() {
    if (schema != null) {
      schema.close();
    }
    schema = ServerSchema.create();
  }

  @AfterEach
  void close() {
    if (schema != null) {
      schema.close();
    }
  }

  @Override
  UsageBackend open(ManualClock clock) {
    ServerSchema one = java.util.Objects.requireNonNull(schema);
    return PostgresBackend.connect(
        one.server().url(),
        one.server().user(),
        one.server().password(),
        PostgresSettings.defaults().schema(one.name()).poolSize(4).clock(clock));
  }
}
