package io.llmaccounting.postgres;

import io.llmaccounting.sql.Shards;
import io.llmaccounting.sql.StoreSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** What Citus has made of the tables of a schema. */
final class SpreadTables {
  // may not write here, or nobody may: whoever may has done it, or will
  private static final Set<String> NOT_ALLOWED = Set.of("42501", PostgresDialect.NO_WRITES);

  private static final String COPIED =
      StoreSettings.copied().stream().collect(Collectors.joining("', '", "('", "')"));

  private final DataSource service;
  private final String schema;

  SpreadTables(DataSource service, String schema) {
    this.service = service;
    this.schema = schema;
  }

  private interface Work<T> {
    T run(Statement statement) throws SQLException;
  }

  /** True if Citus has spread the tables over several servers. */
  boolean areOverServers() throws SQLException {
    return asked(
        statement ->
            number(statement, "SELECT count(to_regclass('pg_catalog.pg_dist_partition'))") > 0
                && number(
                        statement,
                        "SELECT count(*) FROM pg_catalog.pg_dist_partition WHERE logicalrelid ="
                            + " to_regclass('"
                            + schema
                            + ".usage_event')")
                    > 0);
  }

  /** For each shard the number of the part of the tables that it lies in. */
  long[] parts() throws SQLException {
    return asked(
        statement -> {
          long[] parts = new long[Shards.count()];
          try (ResultSet row =
              statement.executeQuery(
                  "SELECT k, pg_catalog.get_shard_id_for_distribution_column('%s.usage_event', k)"
                          .formatted(schema)
                      + " FROM pg_catalog.generate_series(0, %d) AS k"
                          .formatted(parts.length - 1))) {
            while (row.next()) {
              parts[row.getInt(1)] = row.getLong(2);
            }
          }
          return parts;
        });
  }

  /**
   * Gives each shard its copies of those settings that ledgers read, where one is missing or was
   * left behind by a version that knew of none.
   */
  void copySettings() throws SQLException {
    try {
      boolean unused = asked(this::copySettings);
    } catch (SQLException e) {
      if (!NOT_ALLOWED.contains(PostgresDialect.state(e))) {
        throw e;
      }
    }
  }

  private boolean copySettings(Statement statement) throws SQLException {
    if (areCopied(statement)) {
      return false;
    }
    statement.execute("LOCK TABLE " + schema + ".settings IN EXCLUSIVE MODE");
    Map<String, Long> values = new HashMap<>();
    try (ResultSet row =
        statement.executeQuery(
            "SELECT name, value FROM %s.settings WHERE shard_key = 0 AND name IN %s"
                .formatted(schema, COPIED))) {
      while (row.next()) {
        values.put(row.getString(1), row.getLong(2));
      }
    }
    List<String> rows =
        values.entrySet().stream()
            .flatMap(
                one ->
                    IntStream.range(1, Shards.count())
                        .mapToObj(
                            shard ->
                                "(%d, '%s', %d)".formatted(shard, one.getKey(), one.getValue())))
            .toList();
    statement.executeUpdate(
        "INSERT INTO "
            + schema
            + ".settings (shard_key, name, value) VALUES "
            + String.join(", ", rows)
            + " ON CONFLICT (shard_key, name) DO UPDATE SET value = excluded.value");
    return true;
  }

  private boolean areCopied(Statement statement) throws SQLException {
    int names = 0;
    try (ResultSet row =
        statement.executeQuery(
            "SELECT count(*), min(value), max(value) FROM %s.settings WHERE shard_key BETWEEN 0 AND %d AND name IN %s GROUP BY name"
                .formatted(schema, Shards.count() - 1, COPIED))) {
      while (row.next()) {
        names += row.getLong(1) == Shards.count() && row.getLong(2) == row.getLong(3) ? 1 : 0;
      }
    }
    return names == StoreSettings.copied().size();
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : -1;
    }
  }

  private <T> T asked(Work<T> work) throws SQLException {
    try (Connection connection = service.getConnection();
        Statement statement = connection.createStatement()) {
      boolean autoCommit = connection.getAutoCommit();
      int threshold = Pooler.prepareNothing(connection);
      connection.setAutoCommit(false);
      try {
        T answer = work.run(statement);
        connection.commit();
        return answer;
      } finally {
        connection.rollback();
        connection.setAutoCommit(autoCommit);
        Pooler.prepareAgain(connection, threshold);
      }
    }
  }
}
