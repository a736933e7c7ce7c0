package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Cursor;
import io.llmaccounting.shaded.jooq.ResultQuery;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The rows of a query, read one by one in bounded memory. Confined to one thread. */
public final class RowCursor implements AutoCloseable {
  private static final int ROWS_AT_A_TIME = 1_000;

  private final Cursor<?> cursor;
  private final ResultSet row;
  private final SqlDialect dialect;

  private RowCursor(Cursor<?> cursor, SqlDialect dialect) {
    this.cursor = cursor;
    this.row = cursor.resultSet();
    this.dialect = dialect;
  }

  /** Runs {@code query} and stands before its first row. */
  public static RowCursor open(SqlSession session, ResultQuery<?> query) {
    return new RowCursor(query.fetchSize(ROWS_AT_A_TIME).fetchLazy(), session.dialect());
  }

  /** Goes to the next row; false after the last. */
  public boolean next() throws SQLException {
    return row.next();
  }

  /** The row, to be read as it stands. */
  public ResultSet row() {
    return row;
  }

  /** The columns of the row, from the first. */
  public Columns columns() {
    return new Columns(row, dialect);
  }

  @Override
  public void close() {
    cursor.close();
  }
}
