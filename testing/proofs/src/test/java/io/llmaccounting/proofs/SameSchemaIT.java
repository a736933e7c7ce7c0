package io.llmaccounting.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testing.postgres.ServerSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The migrations of both databases make the same tables, columns, keys and indexes. PostgreSQL has
 * finer types, and a shard in front of keys and indexes.
 */
class SameSchemaIT {
  private static final String COLUMNS_OF_SQLITE =
      "SELECT t.name, c.name || ' ' || c.type || iif(c.\"notnull\", ' NOT NULL', '')"
          + " FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'"
          + " AND t.name NOT IN ('sqlite_sequence', 'llm_accounting_schema_history')"
          + " ORDER BY t.name, c.cid";
  private static final String KEYS_OF_SQLITE =
      "SELECT name, 'PRIMARY KEY ' || group_concat(column, ', ') FROM"
          + " (SELECT t.name, c.name AS column FROM sqlite_schema t, pragma_table_info(t.name) c"
          + " WHERE t.type = 'table' AND c.pk > 0"
          + " AND t.name <> 'llm_accounting_schema_history' ORDER BY t.name, c.pk) GROUP BY name";
  private static final String INDEXES_OF_SQLITE =
      "SELECT name, what || group_concat(column, ', ') || condition FROM"
          + " (SELECT t.name, iif(i.origin = 'u', 'UNIQUE ', i.name || ' ') AS what,"
          + " x.name AS column, iif(i.partial, substr(s.sql, instr(s.sql, ' WHERE ')), '')"
          + " AS condition"
          + " FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) x"
          + " LEFT JOIN sqlite_schema s ON s.name = i.name"
          + " WHERE t.type = 'table' AND i.origin <> 'pk'"
          + " AND t.name <> 'llm_accounting_schema_history' ORDER BY t.name, i.name, x.seqno)"
          + " GROUP BY name, what, condition";

  private static final String COLUMNS_OF_POSTGRES =
      "SELECT table_name, column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'INTEGER'"
          + " WHEN 'boolean' THEN 'INTEGER' WHEN 'text' THEN 'TEXT' WHEN 'jsonb' THEN 'TEXT'"
          + " WHEN 'uuid' THEN 'BLOB' WHEN 'bytea' THEN 'BLOB' ELSE data_type END"
          + " || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END"
          + " FROM information_schema.columns JOIN information_schema.tables"
          + " USING (table_schema, table_name) WHERE table_schema = current_schema()"
          + " AND table_type = 'BASE TABLE' AND column_name <> 'shard_key'"
          + " AND table_name <> 'usage_event_default' ORDER BY table_name, ordinal_position";
  private static final String INDEXES_OF_POSTGRES =
      "SELECT t.relname, CASE WHEN i.indisprimary THEN 'PRIMARY KEY' WHEN i.indisunique THEN"
          + " 'UNIQUE' ELSE x.relname END || ' ' || (SELECT string_agg(a.attname, ', '"
          + " ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k (number, place)"
          + " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number"
          + " WHERE a.attname <> 'shard_key')"
          + " || COALESCE(' WHERE ' || pg_get_expr(i.indpred, i.indrelid), '')"
          + " FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
          + " JOIN pg_class x ON x.oid = i.indexrelid"
          + " WHERE t.relnamespace = current_schema()::regnamespace"
          + " AND t.relname <> 'usage_event_default'";

  @TempDir Path folder;

  @Test
  void bothDatabasesHaveTheSameTables() throws SQLException {
    Map<String, List<String>> sqlite = new TreeMap<>();
    Path file = folder.resolve("usage.db");
    SqliteBackend.open(file).close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      for (String sql : List.of(COLUMNS_OF_SQLITE, KEYS_OF_SQLITE, INDEXES_OF_SQLITE)) {
        add(rows(connection, sql), sqlite);
      }
    }
    Map<String, List<String>> postgres = new TreeMap<>();
    try (ServerSchema schema = ServerSchema.create()) {
      add(schema.rows(COLUMNS_OF_POSTGRES), postgres);
      add(schema.rows(INDEXES_OF_POSTGRES + " ORDER BY NOT i.indisprimary, 2"), postgres);
    }

    assertThat(postgres.keySet()).isEqualTo(sqlite.keySet());
    for (String table : sqlite.keySet()) {
      assertThat(postgres.get(table)).as(table).isEqualTo(sqlite.get(table));
    }
  }

  private static void add(List<List<String>> rows, Map<String, List<String>> tables) {
    for (List<String> row : rows) {
      tables.computeIfAbsent(row.get(0), name -> new ArrayList<>()).add(condition(row.get(1)));
    }
  }

  // both write the condition of an index in their own way
  private static String condition(String line) {
    int at = line.indexOf(" WHERE ");
    return at < 0
        ? line
        : line.substring(0, at)
            + line.substring(at).replaceAll("[()\\n]", "").toUpperCase(Locale.ROOT);
  }

  private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(List.of(row.getString(1), row.getString(2)));
      }
    }
    return rows;
  }
}
