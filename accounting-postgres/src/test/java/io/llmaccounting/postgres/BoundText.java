package io.llmaccounting.postgres;

import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A prepared text, to be said again with what was bound instead of parameters. */
final class BoundText {
  private final String prepared;
  private final Map<Integer, String> values = new TreeMap<>();

  BoundText(String prepared) {
    this.prepared = prepared;
  }

  /** Notes a value that {@code setter} has bound. */
  void bind(int index, String setter, Object value) throws SQLException {
    values.put(index, setter.equals("setNull") ? "NULL" : literal(value));
  }

  private static String literal(Object value) throws SQLException {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return String.valueOf(value);
    }
    if (value instanceof Array array) {
      List<String> elements = new ArrayList<>();
      for (Object element : (Object[]) array.getArray()) {
        elements.add(literal(element));
      }
      return "ARRAY[" + String.join(", ", elements) + "]::" + array.getBaseTypeName() + "[]";
    }
    if (value instanceof byte[] bytes) {
      return "'\\x" + HexFormat.of().formatHex(bytes) + "'::bytea";
    }
    return "'" + value.toString().replace("'", "''") + "'";
  }

  /** The statements that were sent together. */
  List<String> statements() {
    List<String> statements = new ArrayList<>();
    int index = 0;
    for (String one : prepared.split("; ")) {
      StringBuilder said = new StringBuilder();
      for (char c : one.toCharArray()) {
        said.append(c == '?' ? values.get(++index) : String.valueOf(c));
      }
      statements.add(said.toString());
    }
    return statements;
  }
}
