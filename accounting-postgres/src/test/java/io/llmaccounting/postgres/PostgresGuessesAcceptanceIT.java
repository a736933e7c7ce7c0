package io.llmaccounting.postgres;

import io.llmaccounting.acceptance.GuessesAcceptance;
import io.llmaccounting.backend.UsageBackend;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresGuessesAcceptanceIT extends GuessesAcceptance {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return schema.open(clock);
  }
}
