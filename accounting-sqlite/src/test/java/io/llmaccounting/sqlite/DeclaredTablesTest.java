package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.sql.AccessKeyTable;
import io.llmaccounting.sql.AuditEntryTable;
import io.llmaccounting.sql.CredentialTable;
import io.llmaccounting.sql.DirectoryTable;
import io.llmaccounting.sql.OwnedObjectTable;
import io.llmaccounting.sql.StoreTable;
import io.llmaccounting.sql.UsageEventTable;
import io.llmaccounting.sql.UsageRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclaredTablesTest {
  private static final List<StoreTable> DECLARED =
      List.of(
          UsageEventTable.USAGE_EVENT,
          DirectoryTable.PROJECT,
          DirectoryTable.APP_USER,
          AuditEntryTable.AUDIT_ENTRY,
          AccessKeyTable.ACCESS_KEY,
          CredentialTable.PROVIDER_CREDENTIAL,
          OwnedObjectTable.OWNED_OBJECT);

  @TempDir Path folder;

  @Test
  void declaredTablesAreThoseOfTheMigratedSchema() throws Exception {
    Path file = folder.resolve("usage.db");
    SqliteBackend.open(file).close();

    assertThat(migrated(file)).containsAllEntriesOf(declared());
  }

  @Test
  void recordsAreSelectedByTheColumnsOfTheDeclaredTable() {
    String select = UsageRow.select(new SqliteDialect(folder.resolve("usage.db")));

    assertThat(select)
        .startsWith(
            Arrays.stream(UsageEventTable.USAGE_EVENT.fields())
                .map(field -> "e." + field.getName())
                .collect(
                    Collectors.joining(", ", "SELECT ", ", a.cost, a.priced_by, a.lower_bound, ")));
  }

  private static Map<String, List<String>> declared() {
    Map<String, List<String>> tables = new TreeMap<>();
    for (StoreTable table : DECLARED) {
      List<String> columns = new ArrayList<>();
      for (Field<?> field : table.fields()) {
        columns.add(field.getName() + " " + type(field.getType()));
      }
      tables.put(table.getName(), columns);
    }
    return tables;
  }

  private static String type(Class<?> javaType) {
    return switch (javaType.getSimpleName()) {
      case "Long", "Boolean" -> "INTEGER";
      case "String" -> "TEXT";
      case "UUID", "byte[]" -> "BLOB";
      default -> "no such type: " + javaType;
    };
  }

  private static Map<String, List<String>> migrated(Path file) throws Exception {
    Map<String, List<String>> tables = new TreeMap<>();
    for (List<String> row :
        RawDatabase.rows(
            file,
            "SELECT t.name, c.name || ' ' || c.type FROM sqlite_schema t,"
                + " pragma_table_info(t.name) c WHERE t.type = 'table'"
                + " AND t.name NOT IN ('sqlite_sequence', 'llm_accounting_schema_history')"
                + " ORDER BY t.name, c.cid")) {
      tables.computeIfAbsent(row.get(0), name -> new ArrayList<>()).add(row.get(1));
    }
    return tables;
  }
}
