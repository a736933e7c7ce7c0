package io.llmaccounting.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Inserts into a table that is spread over several servers. Few rows are listed, in one statement
 * for all shards, which each server parses anew. Many rows of a shard are arrays instead, read
 * beside a row that every shard has, its copy of a setting: so the shard's server makes the rows.
 * Without such a row the first server would make them, and copy them to the shard. Safe for use by
 * many threads.
 *
 * @param dialect binds values
 * @param table the table's name
 * @param columns its columns, that of the shard first
 * @param nothing what a column holds that is not sent
 * @param after what follows the rows, for the columns that are sent
 */
record SpreadInsert(
    SqlDialect dialect,
    String table,
    List<String> columns,
    LeanInsert.Nothing nothing,
    Function<BitSet, String> after) {
  // as few rows of a shard are parsed about as fast as arrays are planned
  private static final int MANY = 8;

  private static final String BESIDE =
      " FROM settings s WHERE s.shard_key = ? AND s.name = '"
          + StoreSettings.LIMIT_REVISION.key()
          + "'";

  /** Inserts rows in the order of shards, within a shard as they are given. */
  <R> void add(
      Pipeline pipeline,
      List<R> rows,
      MultiRow.Binder<R> binder,
      Function<ArraySink, BitSet> sending,
      Pipeline.@Nullable Reader reader)
      throws SQLException {
    ArraySink all = MultiRow.gathered(rows, binder);
    BitSet sent = sending.apply(all);
    SortedMap<Integer, List<Integer>> parts = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      parts.computeIfAbsent(all.shard(i), first -> new ArrayList<>()).add(i);
    }
    if (rows.size() < MANY * parts.size()) {
      addListed(
          pipeline, all, parts.values().stream().flatMap(List::stream).toList(), sent, reader);
      return;
    }
    for (Map.Entry<Integer, List<Integer>> part : parts.entrySet()) {
      List<R> own = part.getValue().stream().map(rows::get).toList();
      addArrays(pipeline, part.getKey(), MultiRow.gathered(own, binder), sent, reader);
    }
  }

  private void addArrays(
      Pipeline pipeline, int shard, ArraySink arrays, BitSet sent, Pipeline.@Nullable Reader reader)
      throws SQLException {
    BitSet unnested = (BitSet) sent.clone();
    unnested.clear(0);
    String values =
        "SELECT s.shard_key, "
            + named(sent)
                .skip(1)
                .mapToObj(column -> sent.get(column) ? "unnest(?)" : nothing.sql())
                .collect(Collectors.joining(", "))
            + BESIDE;
    pipeline.add(
        into(sent) + values + after.apply(sent) + (reader == null ? " RETURNING shard_key" : ""),
        (statement, first) -> {
          int next = arrays.bind(statement, first, unnested);
          statement.setInt(next, shard);
          return next + 1;
        },
        reader == null ? new AllRows(table, shard, arrays.rows()) : reader);
  }

  /** Requires as many rows as were sent: without the row beside them there would be none. */
  private static final class AllRows implements Pipeline.Reader {
    private final String table;
    private final int shard;
    private int missing;

    AllRows(String table, int shard, int rows) {
      this.table = table;
      this.shard = shard;
      this.missing = rows;
    }

    @Override
    public void read(java.sql.ResultSet row) {
      missing--;
    }

    @Override
    public void end() {
      if (missing != 0) {
        throw Damage.of(
            "settings must have a copy for shard %d, so that %s takes its rows; connect anew"
                .formatted(shard, table));
      }
    }
  }

  // as few statements as there can be, whatever their sizes: each is sent on to each of its shards
  private void addListed(
      Pipeline pipeline,
      ArraySink all,
      List<Integer> order,
      BitSet sent,
      Pipeline.@Nullable Reader reader)
      throws SQLException {
    int most = Pipeline.MOST_PARAMETERS / sent.cardinality();
    for (int from = 0; from < order.size(); from += most) {
      List<Integer> some = order.subList(from, Math.min(order.size(), from + most));
      pipeline.add(
          listed(sent, some.size()),
          some.size() * sent.cardinality(),
          (statement, first) -> {
            StatementSink sink = new StatementSink(statement, dialect, first);
            for (int row : some) {
              all.bindRow(row, sent, sink);
            }
            return sink.next();
          },
          reader);
    }
  }

  private String listed(BitSet sent, int rows) {
    String row =
        named(sent)
            .mapToObj(column -> sent.get(column) ? "?" : nothing.sql())
            .collect(Collectors.joining(", ", "(", ")"));
    return into(sent) + "VALUES " + row + (", " + row).repeat(rows - 1) + after.apply(sent);
  }

  private String into(BitSet sent) {
    return named(sent)
        .mapToObj(columns::get)
        .collect(Collectors.joining(", ", "INSERT INTO " + table + " (", ") "));
  }

  private IntStream named(BitSet sent) {
    return IntStream.range(0, columns.size())
        .filter(column -> sent.get(column) || !nothing.isLeftOut());
  }
}
