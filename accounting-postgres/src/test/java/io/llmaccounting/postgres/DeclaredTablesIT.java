package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.sql.AccessKeyTable;
import io.llmaccounting.sql.AuditEntryTable;
import io.llmaccounting.sql.CredentialTable;
import io.llmaccounting.sql.DirectoryTable;
import io.llmaccounting.sql.OwnedObjectTable;
import io.llmaccounting.sql.StoreTable;
import io.llmaccounting.sql.UsageEventTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The tables as jOOQ knows them are those of the migrated schema. */
class DeclaredTablesIT {
  private static final Set<String> JSON =
      Set.of("asked", "extras", "tags", "parts", "attributes", "marks", "models", "providers");
  private static final List<StoreTable> DECLARED =
      List.of(
          UsageEventTable.USAGE_EVENT,
          DirectoryTable.PROJECT,
          DirectoryTable.APP_USER,
          AuditEntryTable.AUDIT_ENTRY,
          AccessKeyTable.ACCESS_KEY,
          CredentialTable.PROVIDER_CREDENTIAL,
          OwnedObjectTable.OWNED_OBJECT);

  @Test
  void declaredTablesAreThoseOfTheMigratedSchema() {
    try (TestSchema schema = TestSchema.create()) {
      Map<String, List<String>> migrated = new TreeMap<>();
      for (List<String> row : schema.server().rows(columnsOf(schema))) {
        migrated.computeIfAbsent(row.get(0), name -> new ArrayList<>()).add(row.get(1));
      }

      assertThat(migrated).containsAllEntriesOf(declared());
    }
  }

  @Test
  void everyKeyBeginsWithTheShardExceptOfReferenceTables() {
    try (TestSchema schema = TestSchema.create()) {
      assertThat(
              schema.rows(
                  "SELECT DISTINCT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                      + " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
                      + " WHERE c.relnamespace = current_schema()::regnamespace AND i.indisunique"
                      + " AND a.attname <> 'shard_key' ORDER BY 1"))
          .extracting(row -> row.get(0))
          .containsExactly(
              "access_key",
              "app_user",
              "owned_object",
              "project",
              "provider_credential",
              "quota_limit");
    }
  }

  private static String columnsOf(TestSchema schema) {
    return "SELECT table_name, column_name || ' ' || data_type FROM information_schema.columns"
        + " JOIN information_schema.tables USING (table_schema, table_name)"
        + " WHERE table_schema = '%s' AND table_type = 'BASE TABLE' AND column_name <> 'shard_key'"
            .formatted(schema.name())
        + " AND table_name <> 'usage_event_default' ORDER BY table_name, ordinal_position";
  }

  private static Map<String, List<String>> declared() {
    Map<String, List<String>> tables = new TreeMap<>();
    for (StoreTable table : DECLARED) {
      List<String> columns = new ArrayList<>();
      for (Field<?> field : table.fields()) {
        columns.add(field.getName() + " " + type(field));
      }
      tables.put(table.getName(), columns);
    }
    return tables;
  }

  private static String type(Field<?> field) {
    return switch (field.getType().getSimpleName()) {
      case "Long" -> "bigint";
      case "Boolean" -> "boolean";
      case "String" -> JSON.contains(field.getName()) ? "jsonb" : "text";
      case "UUID" -> "uuid";
      case "byte[]" -> "bytea";
      default -> "no such type: " + field.getType();
    };
  }
}
