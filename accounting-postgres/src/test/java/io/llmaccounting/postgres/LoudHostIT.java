package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.testing.LoudHost;
import io.llmaccounting.testing.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** faults D2: what an application reads of us that logs from INFO on. */
class LoudHostIT {
  private final PostgresServer server = PostgresServer.shared();
  private final String schema = PostgresServer.newSchema();

  @TempDir Path settings;

  @AfterEach
  void drop() {
    server.run("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
  }

  @Test
  void aNewSchemaIsWorthOneLineOfOurs() throws Exception {
    assertThat(life())
        .singleElement()
        .asString()
        .contains("INFO io.llmaccounting.postgres.PostgresSchema - schema " + schema + " is at");
  }

  private List<String> life() throws Exception {
    return new LoudHost(settings)
        .lines(LifeMain.class, server.url(), server.user(), server.password(), schema);
  }
}
