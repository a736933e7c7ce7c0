package io.llmaccounting.sql;

import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An insert into a table with many columns of which most calls leave most empty. On PostgreSQL, a
 * column that says nothing is not sent: the server would gather, check and copy an array of nulls
 * or zeros for each, or hand on to other servers what they parse for nothing. Elsewhere it is a
 * {@link MultiRow} of all columns. Safe for use by many threads.
 */
final class LeanInsert {
  private final SqlDialect dialect;
  private final String table;
  private final List<String> columns;
  private final Nothing nothing;
  private final After after;
  private final MultiRow whole;
  private final SpreadInsert spread;
  private final RecentColumns recent = new RecentColumns();
  // as many as there are combinations of columns that were in use together lately
  private final Map<BitSet, String> texts = new ConcurrentHashMap<>();
  private static final int KEPT_TEXTS = 64;

  /** What a column holds where a row says nothing about it. */
  enum Nothing {
    NULL {
      @Override
      boolean isLeftOut() {
        return true;
      }
    },
    ZERO {
      @Override
      boolean is(@Nullable Object value) {
        return value instanceof Long number && number == 0;
      }

      @Override
      String sql() {
        return "0";
      }
    };

    boolean is(@Nullable Object value) {
      return value == null;
    }

    String sql() {
      return "NULL";
    }

    /** True if a column that is not named holds this. */
    boolean isLeftOut() {
      return false;
    }
  }

  /** What follows the rows. */
  interface After {
    /** Returns the text for an insert that sends those columns that {@code sends} accepts. */
    String of(Predicate<String> sends);
  }

  LeanInsert(SqlDialect dialect, String table, List<String> columns, Nothing nothing, After after) {
    this.dialect = dialect;
    this.table = table;
    this.columns = List.of(dialect.shards().key(String.join(", ", columns)).split(", "));
    this.nothing = nothing;
    this.after = after;
    this.spread = new SpreadInsert(dialect, table, this.columns, nothing, this::after);
    this.whole = new MultiRow(dialect, into(), this.columns.size(), after.of(column -> true));
  }

  private String into() {
    return "INSERT INTO " + table + " (" + String.join(", ", columns) + ") ";
  }

  /** Inserts all rows together with what else is in the pipeline. */
  <R> void add(
      Pipeline pipeline, List<R> rows, MultiRow.Binder<R> binder, Pipeline.@Nullable Reader reader)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    if (dialect.family() != SqlDialect.Family.POSTGRES) {
      whole.add(pipeline, rows, binder, reader);
      return;
    }
    if (dialect.shards().areOverServers()) {
      spread.add(pipeline, rows, binder, this::sent, reader);
      return;
    }
    ArraySink arrays = MultiRow.gathered(rows, binder);
    BitSet sent = sent(arrays);
    pipeline.add(text(sent), (statement, first) -> arrays.bind(statement, first, sent), reader);
  }

  private BitSet sent(ArraySink arrays) {
    return recent.with(arrays.saying(nothing));
  }

  private String after(BitSet sent) {
    return after.of(column -> sent.get(columns.indexOf(column)));
  }

  private String text(BitSet sent) {
    String known = texts.get(sent);
    if (known != null) {
      return known;
    }
    if (texts.size() >= KEPT_TEXTS) {
      texts.clear();
    }
    String text =
        IntStream.range(0, columns.size())
                .mapToObj(column -> sent.get(column) ? "unnest(?)" : nothing.sql())
                .collect(Collectors.joining(", ", into() + "SELECT ", ""))
            + after(sent);
    texts.put(sent, text);
    return text;
  }
}
