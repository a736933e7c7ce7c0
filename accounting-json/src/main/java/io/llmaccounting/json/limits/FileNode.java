package io.llmaccounting.json.limits;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something in a file, and where it stands; whatever the syntax of the file. Immutable. */
public sealed interface FileNode {
  /** The line that it begins on, counted from 1; 0 where that is not known. */
  int line();

  /**
   * A text, number or truth value.
   *
   * @param text as it is written; empty where there is no value
   */
  record Text(int line, String text) implements FileNode {}

  /**
   * A list.
   *
   * @param items in their order
   */
  record Items(int line, List<FileNode> items) implements FileNode {
    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }
  }

  /**
   * Fields with names.
   *
   * @param fields in their order
   */
  record Fields(int line, Map<String, FileNode> fields) implements FileNode {
    /** Copies the fields. */
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /**
   * The node for what a framework has read already, without lines.
   *
   * @param value maps, lists, and whatever else as it writes itself; null for no value
   */
  static FileNode of(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, FileNode> fields = new LinkedHashMap<>();
      map.forEach((name, field) -> fields.put(String.valueOf(name), of(field)));
      return new Fields(0, fields);
    }
    if (value instanceof List<?> list) {
      List<FileNode> items = new ArrayList<>();
      list.forEach(item -> items.add(of(item)));
      return new Items(0, items);
    }
    return new Text(0, value == null ? "" : value.toString());
  }
}
