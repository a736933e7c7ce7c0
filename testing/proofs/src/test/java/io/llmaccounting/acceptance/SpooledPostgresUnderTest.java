package io.llmaccounting.acceptance;

import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.sqlite.SpoolSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import io.llmaccounting.testing.TemporaryFolder;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.testing.postgres.ServerSchema;
import java.time.InstantSource;
import java.util.Optional;

/** PostgreSQL, with SQLite's spool for when it is away. */
public final class SpooledPostgresUnderTest implements BackendUnderTest {
  private record Stored(ServerSchema schema, TemporaryFolder folder) implements StorageUnderTest {
    @Override
    public UsageBackend open(InstantSource clock) {
      PostgresServer server = schema.server();
      return PostgresBackend.connect(
          server.url(),
          server.user(),
          server.password(),
          PostgresSettings.defaults().schema(schema.name()).clock(clock).poolSize(4));
    }

    @Override
    public Meddling meddling() {
      return new SqlMeddling(schema::run, id -> "'" + id + "'");
    }

    @Override
    public Optional<Spool> openSpool(InstantSource clock, long maxBytes) {
      return Optional.of(
          SqliteSpool.at(folder.path(), SpoolSettings.defaults().clock(clock).maxBytes(maxBytes)));
    }

    @Override
    public void close() {
      schema.close();
      folder.close();
    }
  }

  @Override
  public String name() {
    return "spooled-postgres";
  }

  @Override
  public StorageUnderTest create() {
    return new Stored(ServerSchema.create(), TemporaryFolder.create());
  }
}
