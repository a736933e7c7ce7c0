package io.llmaccounting.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Statements that run one after the other, but travel together: one round trip on PostgreSQL, where
 * each still sees what those before it did. Elsewhere each runs as soon as it is added. Confined to
 * one thread.
 */
public final class Pipeline {
  /** As many parameters as every driver sends at once. */
  static final int MOST_PARAMETERS = 32_767;

  // of a statement whose parameters are arrays, or values of one row
  private static final int FEW = 64;

  private final SqlSession session;
  private final boolean travels;
  private final List<Part> parts = new ArrayList<>();
  private int parameters;

  /** Reads one row of a result. */
  public interface Reader {
    void read(ResultSet row) throws SQLException;

    /** Hears that there are no more rows. */
    default void end() throws SQLException {}
  }

  /** Binds parameters from {@code first} on. */
  interface Binding {
    /** Returns the index after the last one bound. */
    int bind(PreparedStatement statement, int first) throws SQLException;
  }

  private record Part(String sql, Binding binding, @Nullable Reader reader) {}

  Pipeline(SqlSession session) {
    this.session = session;
    this.travels = session.dialect().family() == SqlDialect.Family.POSTGRES;
  }

  /** Adds a statement of few parameters; {@code reader} is null where it returns no rows. */
  void add(String sql, Binding binding, @Nullable Reader reader) throws SQLException {
    add(sql, FEW, binding, reader);
  }

  /** Adds a statement, behind a run of those before it where all together have too many. */
  void add(String sql, int withParameters, Binding binding, @Nullable Reader reader)
      throws SQLException {
    if (parameters + withParameters > MOST_PARAMETERS) {
      run();
    }
    parameters += withParameters;
    parts.add(new Part(sql, binding, reader));
    if (!travels) {
      run();
    }
  }

  /** Runs what was added since the last time. */
  void run() throws SQLException {
    if (parts.isEmpty()) {
      return;
    }
    PreparedStatement statement =
        session.prepare(
            parts.size() == 1
                ? parts.get(0).sql()
                : parts.stream().map(Part::sql).collect(Collectors.joining("; ")));
    int next = 1;
    for (Part part : parts) {
      next = part.binding().bind(statement, next);
    }
    boolean rows = statement.execute();
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        rows = statement.getMoreResults();
      }
      read(parts.get(i), rows, statement);
    }
    parts.clear();
    parameters = 0;
  }

  private static void read(Part part, boolean rows, PreparedStatement statement)
      throws SQLException {
    Reader reader = part.reader();
    if (rows != (reader != null)) {
      throw new SQLException("rows came for another statement than \"" + part.sql() + "\"");
    }
    if (reader == null) {
      return;
    }
    try (ResultSet result = statement.getResultSet()) {
      while (result.next()) {
        reader.read(result);
      }
      reader.end();
    }
  }
}
