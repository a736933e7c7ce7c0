package io.llmaccounting.acceptance;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Meddling with a file. */
final class SqliteMeddling {
  private SqliteMeddling() {}

  static Meddling with(Path file) {
    return new SqlMeddling(
        sql -> run(file, sql), id -> "x'" + id.toString().replace("-", "") + "'");
  }

  private static void run(Path file, String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
