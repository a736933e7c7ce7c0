package io.llmaccounting.cli.readonly;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a driver gives back, as the few kinds of value that are printed. */
final class RowValues {
  private RowValues() {}

  static List<String> names(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      names.add(columns.getColumnLabel(i));
    }
    return names;
  }

  static @Nullable Object[] of(ResultSet rows, int columns) throws SQLException {
    @Nullable Object[] values = new Object[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = value(rows, i + 1);
    }
    return values;
  }

  private static @Nullable Object value(ResultSet rows, int column) throws SQLException {
    if (rows.getMetaData().getColumnType(column) == Types.TIMESTAMP_WITH_TIMEZONE
        || "timestamptz".equals(rows.getMetaData().getColumnTypeName(column))) {
      return timestamp(rows, column);
    }
    Object value = rows.getObject(column);
    if (value instanceof Integer || value instanceof Short) {
      return ((Number) value).longValue();
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? new BigDecimal(value.toString()) : value.toString();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    boolean printable =
        value == null
            || value instanceof Long
            || value instanceof BigDecimal
            || value instanceof Boolean;
    return printable ? value : rows.getString(column);
  }

  // PostgreSQL's infinity is no instant.
  private static @Nullable Object timestamp(ResultSet rows, int column) throws SQLException {
    OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
    boolean finite =
        time != null && !time.equals(OffsetDateTime.MAX) && !time.equals(OffsetDateTime.MIN);
    return finite ? time.toInstant() : rows.getString(column);
  }
}
