package io.llmaccounting.postgres;

import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.testing.postgres.ServerSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the page about several servers has its readers run. */
final class ClusterPage {
  private static final String PAGE = "outgrow-one-server.md";
  private static final Pattern CALL =
      Pattern.compile(
          "SELECT create_(reference|distributed)_table\\('llm_accounting\\.(\\w+)'(.*)\\);");
  private static final Map<PostgresServer, Boolean> CLUSTERS = new ConcurrentHashMap<>();

  private ClusterPage() {}

  /** True where the extension is installed. */
  static boolean isCluster(PostgresServer server) {
    return CLUSTERS.computeIfAbsent(
        server,
        asked -> !asked.rows("SELECT 1 FROM pg_extension WHERE extname = 'citus'").isEmpty());
  }

  /** What is said after the name of each table, by kind and name. */
  static Map<String, Map<String, String>> calls() {
    Map<String, Map<String, String>> calls = new TreeMap<>();
    for (String statement : statements()) {
      Matcher call = CALL.matcher(statement);
      if (!call.matches()) {
        throw new IllegalStateException("the page shows a call of another form: " + statement);
      }
      calls
          .computeIfAbsent(call.group(1), kind -> new TreeMap<>())
          .put(call.group(2), call.group(3));
    }
    return calls;
  }

  /** Does to a schema what the page says; in few shards, because tests make many schemas. */
  static void distribute(ServerSchema schema) {
    List<String> all = new ArrayList<>();
    all.add("SET client_min_messages = error");
    for (String statement : statements()) {
      all.add(
          statement
              .replace("llm_accounting.", schema.name() + ".")
              .replaceFirst("shard_count => \\d+", "shard_count => 2"));
    }
    schema.server().run(all.toArray(String[]::new));
  }

  private static List<String> statements() {
    try {
      return DocumentedSql.of(PAGE).get(0).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
