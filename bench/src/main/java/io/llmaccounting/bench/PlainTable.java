package io.llmaccounting.bench;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Inserts rows as fast as plain JDBC can: arrays and unnest on PostgreSQL, lists of values on
 * SQLite, each text prepared once. Columns that no row has are left out.
 */
final class PlainTable {
  private static final int[] SIZES = {100, 64, 32, 16, 8, 4, 2, 1};

  private final Columns columns;
  private final String after;

  /**
   * What is written.
   *
   * @param table the table
   * @param id whether it has an id
   * @param numbers its columns of numbers
   * @param texts its columns of texts
   * @param blob its column of bytes, or empty
   * @param flags columns that are always false
   */
  record Columns(
      String table,
      boolean id,
      List<String> numbers,
      List<String> texts,
      String blob,
      List<String> flags) {

    int count() {
      return (id ? 1 : 0) + numbers.size() + texts.size() + (blob.isEmpty() ? 0 : 1);
    }

    private String names() {
      List<String> names = new ArrayList<>();
      if (id) {
        names.add("id");
      }
      names.addAll(numbers);
      names.addAll(texts);
      if (!blob.isEmpty()) {
        names.add(blob);
      }
      names.addAll(flags);
      return String.join(", ", names);
    }
  }

  /** {@code after} follows the rows, for instance what to do with those that are there. */
  PlainTable(Columns columns, String after) {
    this.columns = columns;
    this.after = after;
  }

  void insert(PlainConnection connection, List<PlainRow> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    if (connection.takesArrays()) {
      insertArrays(connection, rows);
      return;
    }
    int done = 0;
    for (int size : SIZES) {
      while (rows.size() - done >= size) {
        PreparedStatement statement = connection.prepare(listing(size));
        int index = 1;
        for (PlainRow row : rows.subList(done, done + size)) {
          index = bind(statement, index, row);
        }
        statement.executeUpdate();
        done += size;
      }
    }
  }

  private String insertInto() {
    return "INSERT INTO " + columns.table() + " (" + columns.names() + ") ";
  }

  private final String[] listings = new String[101];

  private String listing(int size) {
    String known = listings[size];
    if (known == null) {
      String row =
          "("
              + String.join(", ", Collections.nCopies(columns.count(), "?"))
              + ", 0".repeat(columns.flags().size())
              + ")";
      known = insertInto() + "VALUES " + String.join(", ", Collections.nCopies(size, row)) + after;
      listings[size] = known;
    }
    return known;
  }

  private int bind(PreparedStatement statement, int first, PlainRow row) throws SQLException {
    int index = first;
    if (columns.id()) {
      statement.setBytes(index++, bytes(Objects.requireNonNull(row.id())));
    }
    for (long number : row.numbers()) {
      statement.setLong(index++, number);
    }
    for (String text : row.texts()) {
      statement.setString(index++, text);
    }
    if (!columns.blob().isEmpty()) {
      statement.setBytes(index++, row.blob());
    }
    return index;
  }

  static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private void insertArrays(PlainConnection connection, List<PlainRow> rows) throws SQLException {
    String arrays = String.join(", ", Collections.nCopies(columns.count(), "unnest(?)"));
    PreparedStatement statement =
        connection.prepare(
            insertInto() + "SELECT " + arrays + ", false".repeat(columns.flags().size()) + after);
    int index = 1;
    if (columns.id()) {
      UUID[] ids = rows.stream().map(PlainRow::id).toArray(UUID[]::new);
      statement.setArray(index++, connection.jdbc().createArrayOf("uuid", ids));
    }
    for (int column = 0; column < columns.numbers().size(); column++) {
      Long[] numbers = new Long[rows.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = rows.get(i).numbers()[column];
      }
      statement.setArray(index++, connection.jdbc().createArrayOf("int8", numbers));
    }
    for (int column = 0; column < columns.texts().size(); column++) {
      String[] texts = new String[rows.size()];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = rows.get(i).texts()[column];
      }
      statement.setArray(index++, connection.jdbc().createArrayOf("text", texts));
    }
    if (!columns.blob().isEmpty()) {
      Object[] blobs = rows.stream().map(PlainRow::blob).toArray(byte[][]::new);
      statement.setArray(index, connection.jdbc().createArrayOf("bytea", blobs));
    }
    statement.executeUpdate();
  }

  /** Deletes the rows with these ids. */
  void delete(PlainConnection connection, List<UUID> ids) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    String from = "DELETE FROM " + columns.table() + " WHERE id ";
    if (connection.takesArrays()) {
      PreparedStatement statement = connection.prepare(from + "= ANY (?)");
      statement.setArray(1, connection.jdbc().createArrayOf("uuid", ids.toArray()));
      statement.executeUpdate();
      return;
    }
    int done = 0;
    for (int size : SIZES) {
      while (ids.size() - done >= size) {
        String marks = String.join(", ", Collections.nCopies(size, "?"));
        PreparedStatement statement = connection.prepare(from + "IN (" + marks + ")");
        for (int i = 0; i < size; i++) {
          statement.setBytes(i + 1, bytes(ids.get(done + i)));
        }
        statement.executeUpdate();
        done += size;
      }
    }
  }
}
