package io.llmaccounting.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/**
 * A statement with a table of parameters in it. On PostgreSQL an array for each column, so that any
 * number of rows is one statement; elsewhere {@code VALUES (?, ?), (?, ?)} in few sizes, rendered
 * once, so that few statements are prepared. Safe for use by many threads.
 */
public final class MultiRow {
  private static final int[] SIZES = {1, 2, 4, 8, 16, 32, 64, 100};

  private final TreeMap<Integer, String> texts = new TreeMap<>();

  /** Binds the parameters of one row. */
  public interface Binder<R> {
    void bind(R row, Parameters to) throws SQLException;
  }

  /** Reads one row of a result. */
  public interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  /** {@code before}, rows of so many parameters, {@code after}. */
  public MultiRow(Dialect dialect, String before, int columns, String after) {
    if (dialect.jooq().family() == SQLDialect.POSTGRES) {
      String arrays = "SELECT * FROM unnest(?" + ", ?".repeat(columns - 1) + ")";
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
    run(session, rows, binder, null);
  }

  /** Runs the statement for all rows and hands over what it returns. */
  public <R> void query(SqlSession session, List<R> rows, Binder<R> binder, Reader reader)
      throws SQLException {
    run(session, rows, binder, reader);
  }

  private <R> void run(SqlSession session, List<R> rows, Binder<R> binder, @Nullable Reader reader)
      throws SQLException {
    String arrays = texts.get(0);
    if (arrays != null && !rows.isEmpty()) {
      PreparedStatement statement = session.prepare(arrays);
      ArraySink columns = new ArraySink(rows.size());
      for (R row : rows) {
        binder.bind(row, new Parameters(columns.nextRow()));
      }
      columns.bind(statement);
      execute(statement, reader);
      return;
    }
    int done = 0;
    while (done < rows.size()) {
      var text = texts.floorEntry(rows.size() - done);
      PreparedStatement statement = session.prepare(text.getValue());
      Parameters parameters = new Parameters(statement, session.dialect());
      for (R row : rows.subList(done, done + text.getKey())) {
        binder.bind(row, parameters);
      }
      execute(statement, reader);
      done += text.getKey();
    }
  }

  private static void execute(PreparedStatement statement, @Nullable Reader reader)
      throws SQLException {
    if (reader == null) {
      statement.executeUpdate();
      return;
    }
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        reader.read(result);
      }
    }
  }
}
