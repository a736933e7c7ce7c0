package io.llmaccounting.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A statement with a table of parameters in it. On PostgreSQL an array for each column, so that any
 * number of rows is one statement; elsewhere {@code VALUES (?, ?), (?, ?)} in few sizes, rendered
 * once, so that few statements are prepared. Safe for use by many threads.
 */
public final class MultiRow {
  private static final int[] SIZES = {1, 2, 4, 8, 16, 32, 64, 100};

  private final SqlDialect dialect;
  private final String before;
  private final int columns;
  private final String row;
  private final String after;
  private final boolean isSentOn;
  private final TreeMap<Integer, String> texts = new TreeMap<>();

  /** Binds the parameters of one row. */
  public interface Binder<R> {
    void bind(R row, Parameters to) throws SQLException;
  }

  /** Makes a statement of {@code before}, rows of so many parameters, and {@code after}. */
  public MultiRow(SqlDialect dialect, String before, int columns, String after) {
    this.dialect = dialect;
    this.before = before;
    this.columns = columns;
    this.row = "(?" + ", ?".repeat(columns - 1) + ")";
    this.after = after;
    // Over several servers rows are sent on as they are written here, where a SELECT would be run
    // first, and its rows then copied to each shard by a connection of its own.
    this.isSentOn = dialect.shards().areOverServers() && before.startsWith("INSERT");
    if (isSentOn) {
      return;
    }
    if (dialect.family() == SqlDialect.Family.POSTGRES) {
      // The unnests stand in the list of columns: each unnest in FROM would gather its rows in a
      // store of its own.
      String arrays = "SELECT unnest(?)" + ", unnest(?)".repeat(columns - 1);
      texts.put(0, before + arrays + after);
      return;
    }
    for (int size : SIZES) {
      texts.put(size, text(size));
    }
  }

  private String text(int rows) {
    return before + "VALUES " + row + (", " + row).repeat(rows - 1) + after;
  }

  /** Writes all rows. */
  public <R> void update(SqlSession session, List<R> rows, Binder<R> binder) throws SQLException {
    query(session, rows, binder, null);
  }

  /** Runs the statement for all rows and hands over what it returns. */
  public <R> void query(
      SqlSession session, List<R> rows, Binder<R> binder, Pipeline.@Nullable Reader reader)
      throws SQLException {
    Pipeline alone = new Pipeline(session);
    add(alone, rows, binder, reader);
    alone.run();
  }

  /** Writes all rows together with what else is in the pipeline. */
  <R> void add(Pipeline pipeline, List<R> rows, Binder<R> binder) throws SQLException {
    add(pipeline, rows, binder, null);
  }

  /**
   * Runs the statement once for each shard, in their order, for the rows that belong there; its
   * text begins with {@link Shards#one}.
   */
  public <R> void queryEach(
      SqlSession session,
      SortedMap<Integer, List<R>> rows,
      Binder<R> binder,
      Pipeline.@Nullable Reader reader)
      throws SQLException {
    Pipeline alone = new Pipeline(session);
    addEach(alone, rows, binder, reader);
    alone.run();
  }

  /** Does what {@link #queryEach} does, together with what else is in the pipeline. */
  <R> void addEach(
      Pipeline pipeline,
      SortedMap<Integer, List<R>> rows,
      Binder<R> binder,
      Pipeline.@Nullable Reader reader)
      throws SQLException {
    String arrays = texts.get(0);
    for (Map.Entry<Integer, List<R>> part : rows.entrySet()) {
      if (arrays == null || !dialect.shards().isSpread()) {
        add(pipeline, part.getValue(), binder, reader);
      } else {
        ArraySink columns = gathered(part.getValue(), binder);
        pipeline.add(
            arrays,
            (statement, first) -> {
              statement.setInt(first, part.getKey());
              return columns.bind(statement, first + 1);
            },
            reader);
      }
    }
  }

  static <R> ArraySink gathered(List<R> rows, Binder<R> binder) throws SQLException {
    ArraySink columns = new ArraySink(rows.size());
    for (R row : rows) {
      binder.bind(row, new Parameters(columns.nextRow()));
    }
    return columns;
  }

  /** Runs the statement for all rows together with what else is in the pipeline. */
  <R> void add(Pipeline pipeline, List<R> rows, Binder<R> binder, Pipeline.@Nullable Reader reader)
      throws SQLException {
    String arrays = texts.get(0);
    if (arrays != null && !rows.isEmpty()) {
      pipeline.add(arrays, gathered(rows, binder)::bind, reader);
      return;
    }
    int done = 0;
    while (done < rows.size()) {
      var text = part(rows.size() - done);
      List<R> some = rows.subList(done, done + text.getKey());
      pipeline.add(
          text.getValue(),
          text.getKey() * columns,
          (statement, first) -> {
            StatementSink sink = new StatementSink(statement, dialect, first);
            Parameters to = new Parameters(sink);
            for (R row : some) {
              binder.bind(row, to);
            }
            return sink.next();
          },
          reader);
      done += text.getKey();
    }
  }

  // Each statement is sent on to each of its shards: the fewer the better, whatever their sizes.
  private Map.Entry<Integer, String> part(int rows) {
    int most = Math.min(rows, Pipeline.MOST_PARAMETERS / columns);
    return isSentOn ? Map.entry(most, text(most)) : texts.floorEntry(rows);
  }
}
