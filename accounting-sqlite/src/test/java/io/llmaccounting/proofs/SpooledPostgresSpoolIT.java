package io.llmaccounting.proofs;

import io.llmaccounting.acceptance.SpoolAcceptance;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.TestSchema;
import io.llmaccounting.sqlite.SpoolSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SpooledPostgresSpoolIT extends SpoolAcceptance {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @TempDir Path folder;

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.open(clock);
  }

  @Override
  protected Spool openSpool(InstantSource clock, long maxBytes) {
    return SqliteSpool.at(folder, SpoolSettings.defaults().clock(clock).maxBytes(maxBytes));
  }
}
