package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page about several servers names every table that the migrations make. */
class ClusterPageIT {
  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Test
  void tablesWithAShardAreDistributedAndAllOthersAreReferenceTables() {
    Map<String, Map<String, String>> calls = ClusterPage.calls();

    assertThat(calls.get("distributed")).containsOnlyKeys(tables("shard_key"));
    assertThat(calls.get("reference")).containsOnlyKeys(tablesWithout("shard_key"));
  }

  @Test
  void whatBelongsToAProjectLiesTogether() {
    Map<String, String> distributed = Map.copyOf(ClusterPage.calls().get("distributed"));

    assertThat(distributed).containsEntry("usage_event", ", 'shard_key', shard_count => 4");
    assertThat(distributed.entrySet())
        .filteredOn(call -> !call.getKey().equals("usage_event"))
        .allSatisfy(
            call ->
                assertThat(call.getValue())
                    .isEqualTo(", 'shard_key', colocate_with => 'llm_accounting.usage_event'"));
  }

  private Set<String> tables(String column) {
    return names(
        "SELECT a.attrelid::regclass FROM pg_attribute a WHERE a.attname = '" + column + "' AND ");
  }

  private Set<String> tablesWithout(String column) {
    Set<String> tables = names("SELECT DISTINCT a.attrelid::regclass FROM pg_attribute a WHERE ");
    tables.removeAll(tables(column));
    return tables;
  }

  // partitions follow their table
  private Set<String> names(String select) {
    Set<String> names = new TreeSet<>();
    for (List<String> row :
        schema.rows(
            select
                + "a.attrelid IN (SELECT c.oid FROM pg_class c WHERE c.relkind IN ('r', 'p')"
                + " AND NOT c.relispartition AND c.relnamespace = current_schema()::regnamespace)")) {
      names.add(row.get(0));
    }
    return names;
  }
}
