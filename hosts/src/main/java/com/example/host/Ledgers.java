package com.example.host;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** What the application does once it has LLM Accounting: with a file, and with its own server. */
public final class Ledgers {
  private Ledgers() {}

  public static void use(DataSource source, String folder) throws SQLException {
    use(SqliteBackend.open(Path.of(folder, "usage.db")));
    System.out.println("used SQLite");
    if (isPostgres(source)) {
      use(PostgresBackend.connect(source));
      System.out.println("used PostgreSQL");
    }
  }

  private static boolean isPostgres(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
    }
  }

  private static void use(UsageBackend backend) {
    try (LlmAccounting accounting = LlmAccounting.create(backend)) {
      accounting.limits().save(Limit.named("few").requests(9).rolling(Duration.ofHours(1)));
      try (LlmCall call = accounting.begin(CallRequest.to("gpt-5-mini").user("alice"))) {
        call.succeeded(TokenUsage.of(10, 20));
      }
      if (accounting.report(TimeRange.last(Duration.ofHours(1))).run().total().calls() != 1
          || !accounting.admin().verify().isClean()) {
        throw new IllegalStateException("the books are wrong");
      }
    }
  }
}
