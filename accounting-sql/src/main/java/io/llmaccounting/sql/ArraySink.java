package io.llmaccounting.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
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
      case SHARD -> new Integer[rows];
      case FLAG -> new Boolean[rows];
      case ID -> new java.util.UUID[rows];
      case BYTES -> new byte[rows][];
    };
  }

  /** Returns the columns of which some row says more than {@code nothing}. */
  BitSet saying(LeanInsert.Nothing nothing) {
    BitSet saying = new BitSet(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      @Nullable Object[] values = columns.get(i);
      saying.set(i, values != null && !Stream.of(values).allMatch(nothing::is));
    }
    return saying;
  }

  /** How many rows there are. */
  int rows() {
    return rows;
  }

  /** The shard of a row, its first value. */
  int shard(int index) {
    @Nullable Object[] shards = columns.get(0);
    if (kinds.get(0) != Kind.SHARD || shards == null || shards[index] == null) {
      throw new IllegalStateException(
          "a row must begin with its shard, began with " + kinds.get(0));
    }
    return (Integer) shards[index];
  }

  /** Sets some values of one row. */
  void bindRow(int index, BitSet some, StatementSink to) throws SQLException {
    for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
      @Nullable Object[] values = columns.get(i);
      to.add(kinds.get(i), values == null ? null : values[index]);
    }
  }

  /** Binds every column and returns the index after the last one bound. */
  int bind(PreparedStatement statement, int first) throws SQLException {
    BitSet all = new BitSet();
    all.set(0, columns.size());
    return bind(statement, first, all);
  }

  /** Binds some columns and returns the index after the last one bound. */
  int bind(PreparedStatement statement, int first, BitSet some) throws SQLException {
    int next = first;
    for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
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
