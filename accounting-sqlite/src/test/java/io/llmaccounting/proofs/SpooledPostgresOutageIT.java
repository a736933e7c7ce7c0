package io.llmaccounting.proofs;

import io.llmaccounting.acceptance.OutageAcceptance;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.sqlite.SpoolSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import io.llmaccounting.testing.postgres.ServerSchema;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SpooledPostgresOutageIT extends OutageAcceptance {
  @RegisterExtension final ServerSchema schema = ServerSchema.create();

  @TempDir Path folder;

  @Override
  protected UsageBackend open(InstantSource clock) {
    return PostgresBackend.connect(
        schema.server().url(),
        schema.server().user(),
        schema.server().password(),
        PostgresSettings.defaults().schema(schema.name()).clock(clock).poolSize(4));
  }

  @Override
  protected Spool openSpool(InstantSource clock, long maxBytes) {
    return SqliteSpool.at(folder, SpoolSettings.defaults().clock(clock).maxBytes(maxBytes));
  }
}
