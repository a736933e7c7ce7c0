package io.llmaccounting.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a statement must not do where tables are spread over servers by {@code shard_key}: what is
 * refused there, wrong without an error, or asked of all servers where one has the answer.
 */
final class ShardRules {
  private static final Pattern LITERAL = Pattern.compile("'(?:[^']|'')*'");
  private static final Pattern NO_COLUMNS =
      Pattern.compile("(?i)\\bSELECT\\s+(FROM|WHERE|LIMIT)\\b");
  private static final Pattern LOCK = Pattern.compile("(?i)\\bFOR (UPDATE|(?:KEY )?SHARE)\\b");
  private static final Pattern TEMPORARY = Pattern.compile("(?i)\\bCREATE\\s+(\\w+\\s+)?TEMP");
  private static final Pattern SELECT_IN_VALUES =
      Pattern.compile("(?is)\\bVALUES\\s*\\(.*\\(\\s*SELECT\\b");
  private static final Pattern CHANGE =
      Pattern.compile("(?i)\\b(UPDATE [a-z]|DELETE FROM|DO UPDATE)");
  private static final Pattern VOLATILE =
      Pattern.compile(
          "(?i)\\b(now|clock_timestamp|statement_timestamp|random|gen_random_uuid|nextval)\\s*\\("
              + "|\\bcurrent_(timestamp|date|time)\\b");
  private static final Pattern COUNTED_WRONG =
      Pattern.compile("(?is)^INSERT\\b.*\\bSELECT\\b.*\\bON CONFLICT\\b");
  private static final Pattern READ_FIRST =
      Pattern.compile("(?i)\\(SELECT [^()]* FROM [^()]* OFFSET 0\\)");
  private static final Pattern TABLE =
      Pattern.compile(
          "(?i)\\b(?:FROM|JOIN|UPDATE)\\s+([a-z_]+)(?:\\s+(?:AS\\s+)?(?!WHERE|SET|ON|ORDER|LIMIT|GROUP|LEFT|JOIN|FOR|IN|AND)([a-z]+)\\b)?");
  private static final Pattern TIE =
      Pattern.compile("(?i)(?:\\b([a-z_]+)\\.)?shard_key = (?:([a-z_]+)\\.shard_key|(\\?|\\d+))");
  private static final Pattern ALL_SHARDS = Pattern.compile("(?i)\\bshard_key = ANY\\b");
  // Better figures name a record by its id alone: where it is has to be found, without a lock.
  private static final String PLACES = "SELECT e.id, e.project FROM usage_event e WHERE";

  // Every shard has a copy, so that reading needs one: changing them is for the few who change
  // more.
  private static final String COPIES = "UPDATE settings SET value";

  // its rows are read beside one that the shard has, so that the shard's server makes them
  private static final Pattern MADE_THERE =
      Pattern.compile(
          "(?is)^INSERT\\b.*\\bSELECT s\\.shard_key,.* FROM settings s WHERE s\\.shard_key = \\?");

  private static final Pattern COPIED =
      Pattern.compile("(?is)^INSERT\\b.*\\bSELECT\\b.*\\bunnest\\b");

  private final Set<String> distributed;
  private final boolean overServers;

  /** Looks for these tables; {@code overServers} if other servers really hold them. */
  ShardRules(Set<String> distributed, boolean overServers) {
    this.distributed = distributed;
    this.overServers = overServers;
  }

  /** The rules that a text of one or more statements breaks; {@code hot} if every call waits. */
  List<String> broken(String text, boolean hot) {
    List<String> broken = new ArrayList<>();
    for (String statement : LITERAL.matcher(text).replaceAll("''").split(";")) {
      check(statement.strip(), hot, broken);
    }
    return broken;
  }

  /** True if the number of rows that the statement says it has inserted may be wrong. */
  static boolean isCountedWrong(String sql) {
    return COUNTED_WRONG.matcher(sql).find();
  }

  private void check(String sql, boolean hot, List<String> broken) {
    Map<String, String> tables = tables(sql);
    breaks(broken, sql, NO_COLUMNS.matcher(sql).find(), "a list of columns that is empty");
    breaks(broken, sql, TEMPORARY.matcher(sql).find(), "a temporary table: many catalog rows");
    breaks(
        broken,
        sql,
        overServers && COPIED.matcher(sql).find() && !MADE_THERE.matcher(sql).find(),
        "rows that are copied to each shard by a connection of its own");
    if (tables.isEmpty()) {
      return;
    }
    boolean everywhere = ALL_SHARDS.matcher(sql).find();
    boolean tied = TIE.matcher(sql).find();
    breaks(broken, sql, SELECT_IN_VALUES.matcher(sql).find(), "a select inside of VALUES");
    breaks(
        broken,
        sql,
        CHANGE.matcher(sql).find() && VOLATILE.matcher(sql).find(),
        "a volatile function in a change: servers would differ");
    breaks(
        broken,
        sql,
        LOCK.matcher(sql).find() && (everywhere || !tied),
        "a lock on rows of many shards");
    breaks(broken, sql, !isTogether(sql, tables), "tables that are not joined on shard_key");
    breaks(
        broken,
        sql,
        hot
            && (everywhere || !tied)
            && !sql.startsWith(PLACES)
            && !sql.startsWith(COPIES)
            && !sql.startsWith("INSERT"),
        "all shards are asked while calls wait");
  }

  private static void breaks(List<String> broken, String sql, boolean does, String rule) {
    if (does) {
      broken.add(rule + ": " + sql);
    }
  }

  /** Distributed tables by alias; those that are read first, apart, are left out. */
  private Map<String, String> tables(String sql) {
    Map<String, String> tables = new HashMap<>();
    Matcher table = TABLE.matcher(READ_FIRST.matcher(sql).replaceAll("(?)"));
    while (table.find()) {
      String name = table.group(1);
      if (distributed.contains(name)) {
        tables.put(table.group(2) == null ? name : table.group(2), name);
      }
    }
    return tables;
  }

  /** True if all tables have one shard, or each its shard with another's. */
  private static boolean isTogether(String sql, Map<String, String> tables) {
    if (tables.size() < 2) {
      return true;
    }
    Map<String, Set<String>> ties = new HashMap<>();
    Matcher tie = TIE.matcher(sql);
    while (tie.find()) {
      String one = tie.group(1) == null ? "" : tie.group(1);
      String other = tie.group(2) == null ? "=" + tie.group(3) : tie.group(2);
      ties.computeIfAbsent(one, first -> new HashSet<>()).add(other);
      ties.computeIfAbsent(other, first -> new HashSet<>()).add(one);
    }
    Set<String> reached = new HashSet<>();
    List<String> next = new ArrayList<>(List.of(tables.keySet().iterator().next()));
    while (!next.isEmpty()) {
      String alias = next.remove(next.size() - 1);
      if (reached.add(alias)) {
        next.addAll(ties.getOrDefault(alias, Set.of()));
      }
    }
    return reached.containsAll(tables.keySet());
  }
}
