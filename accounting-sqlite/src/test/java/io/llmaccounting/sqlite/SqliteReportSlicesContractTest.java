package io.llmaccounting.sqlite;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.SqlWork;
import io.llmaccounting.sql.report.SqlUsageStore;
import io.llmaccounting.testkit.contract.ReportSlicesContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteReportSlicesContractTest extends ReportSlicesContract {
  @TempDir Path directory;
  private final List<SqliteConnections> opened = new ArrayList<>();

  @Override
  protected UsageBackend open(InstantSource clock) {
    return SqliteBackend.open(file(), SqliteSettings.defaults().clock(clock));
  }

  private Path file() {
    return directory.resolve("usage.db");
  }

  @Override
  protected UsageStore reading(UsageBackend backend, Runnable between) {
    SqliteConnections connections =
        new SqliteConnections(new SqliteFile(file(), SqliteSettings.defaults()));
    opened.add(connections);
    return new SqlUsageStore(new Watched(connections, between), 3);
  }

  @AfterEach
  void close() {
    opened.forEach(SqliteConnections::close);
  }

  private record Watched(Connections real, Runnable between) implements Connections {
    @Override
    public <T> T read(SqlWork<T> work) {
      T read = real.read(work);
      between.run();
      return read;
    }

    @Override
    public <T> T write(SqlWork<T> work) {
      return real.write(work);
    }
  }
}
