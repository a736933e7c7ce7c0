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
  private final TreeMap<Integer, String> texts = new TreeMap<>();

  /** Binds the parameters of one row. */
  public interface Binder<R> {
    void bind(R row, Parameters to) throws SQLException;
  }

  /** Makes a statement of {@code before}, rows of so many parameters, and {@code after}. */
  public MultiRow(SqlDialect dialect, String before, int columns, String after) {
    this.dialect = dialect;
    if (dialect.family() == SqlDialect.Family.POSTGRES) {
      // The unnests stand in the list of columns: each unnest in FROM would gather its rows in a
      // store of its own.
      String arrays = "SELECT unnest(?)" + ", unnest(?)".repeat(columns - 1);
      texts.put(0, before + arrays + after);
      return;
    }
    String row = "(?" + ", ?".repeat(columns - 1) + ")";
    for (int size : SIZES) {
      texts.put(size, before + "VALUES " + row + (", " + row).repeat(size - 1) + after);
    }
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

  private static <R> ArraySink gathered(List<R> rows, Binder<R> binder) throws SQLException {
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
      var text = texts.floorEntry(rows.size() - done);
      List<R> some = rows.subList(done, done + text.getKey());
      pipeline.add(
          text.getValue(),
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
}
