package io.llmaccounting.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** What the columns of records hold, in plain bytes: 8 a number, 16 an id, 1 a flag, else UTF-8. */
final class PlainColumns {
  private static final Set<String> FLAGS = Set.of("batch", "late", "streamed");
  private static final Set<String> TEXTS =
      Set.of(
          "idempotency_key",
          "model",
          "response_model",
          "provider",
          "operation",
          "source",
          "extras",
          "priced_by",
          "outcome",
          "finish_reason",
          "response_id",
          "error_type",
          "error_message",
          "service_tier",
          "region",
          "raw_usage",
          "project",
          "user_name",
          "caller",
          "session",
          "tags");

  private PlainColumns() {}

  /** Of all records; {@code length} measures a text column. */
  static long bytes(Connection connection, String length) throws SQLException {
    StringBuilder sum = new StringBuilder("SELECT 0");
    try (Statement statement = connection.createStatement()) {
      try (ResultSet none = statement.executeQuery("SELECT * FROM usage_event LIMIT 0")) {
        for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
          String column = none.getMetaData().getColumnName(i);
          if (!column.equals("shard_key")) {
            sum.append(" + coalesce(sum(").append(of(column, length)).append("), 0)");
          }
        }
      }
      try (ResultSet row = statement.executeQuery(sum.append(" FROM usage_event").toString())) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static String of(String column, String length) {
    if (TEXTS.contains(column)) {
      return length.formatted(column);
    }
    int bytes = column.equals("id") ? 16 : FLAGS.contains(column) ? 1 : 8;
    return "CASE WHEN %s IS NULL THEN 0 ELSE %d END".formatted(column, bytes);
  }
}
