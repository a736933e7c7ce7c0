package io.llmaccounting.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers rows of parameters column by column and sets them as one array for each. At least one
 * column has a value in every row.
 */
final class ArraySink implements ParameterSink {
  private final int rows;
  private final List<Kind> kinds = new ArrayList<>();
  private final List<@Nullable Object @Nullable []> columns = new ArrayList<>();
  private int row = -1;
  private int column;

  ArraySink(int rows) {
    this.rows = rows;
  }

  ArraySink nextRow() {
    row++;
    column = 0;
    return this;
  }

  @Override
  public void add(Kind kind, @Nullable Object value) {
    if (row == 0) {
      kinds.add(kind);
      columns.add(null);
    }
    if (value != null) {
      @Nullable Object[] values = columns.get(column);
      if (values == null) {
        values = array(kind);
        columns.set(column, values);
      }
      values[row] = value;
    }
    column++;
  }

  private @Nullable Object[] array(Kind kind) {
    return switch (kind) {
      case TEXT, JSON -> new String[rows];
      case NUMBER -> new Long[rows];
      case FLAG -> new Boolean[rows];
      case ID -> new java.util.UUID[rows];
      case BYTES -> new byte[rows][];
    };
  }

  /** Returns the index after the last one bound. */
  int bind(PreparedStatement statement, int first) throws SQLException {
    int next = first;
    for (int i = 0; i < columns.size(); i++) {
      String type = kinds.get(i).postgresType();
      @Nullable Object[] values = columns.get(i);
      if (values == null) {
        // no array at all: its rows are filled up with nulls, beside columns that have values
        statement.setNull(next++, Types.ARRAY, "_" + type);
      } else {
        statement.setArray(next++, statement.getConnection().createArrayOf(type, values));
      }
    }
    return next;
  }
}
