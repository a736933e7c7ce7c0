package io.llmaccounting.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A statement put together from pieces of text and the parameters between them. What it is made of
 * is trusted; whatever comes from outside is a parameter. Confined to one thread.
 */
public final class SqlQuery {
  private static final int ROWS_AT_A_TIME = 1_000;

  private final StringBuilder text = new StringBuilder();
  private final List<Parameter> parameters = new ArrayList<>();

  /** Binds one parameter. */
  private interface Parameter {
    void bind(Parameters to) throws SQLException;
  }

  /** Adds text. */
  public SqlQuery add(String sql) {
    text.append(sql);
    return this;
  }

  /** Adds a parameter. */
  public SqlQuery number(long value) {
    return parameter(to -> to.number(value));
  }

  /** Adds a parameter. */
  public SqlQuery text(String value) {
    return parameter(to -> to.text(value));
  }

  /** Adds a parameter. */
  public SqlQuery id(UUID value) {
    return parameter(to -> to.id(value));
  }

  private SqlQuery parameter(Parameter parameter) {
    text.append('?');
    parameters.add(parameter);
    return this;
  }

  /** Runs it and stands before its first row. */
  public Rows open(SqlSession session) throws SQLException {
    PreparedStatement statement = session.connection().prepareStatement(text.toString());
    try {
      statement.setFetchSize(ROWS_AT_A_TIME);
      Parameters to = new Parameters(statement, session.dialect());
      for (Parameter parameter : parameters) {
        parameter.bind(to);
      }
      return new Rows(statement, statement.executeQuery(), session.dialect());
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  /** Runs it where it changes something. */
  public void update(SqlSession session) throws SQLException {
    try (PreparedStatement statement = session.connection().prepareStatement(text.toString())) {
      Parameters to = new Parameters(statement, session.dialect());
      for (Parameter parameter : parameters) {
        parameter.bind(to);
      }
      statement.executeUpdate();
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** The rows of a query, read one by one in bounded memory. Confined to one thread. */
  public static final class Rows implements AutoCloseable {
    private final PreparedStatement statement;
    private final ResultSet row;
    private final SqlDialect dialect;

    private Rows(PreparedStatement statement, ResultSet row, SqlDialect dialect) {
      this.statement = statement;
      this.row = row;
      this.dialect = dialect;
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
    public void close() throws SQLException {
      statement.close();
    }
  }
}
