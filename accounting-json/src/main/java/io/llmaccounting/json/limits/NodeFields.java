package io.llmaccounting.json.limits;

import io.llmaccounting.json.JsonWriter;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Named fields of a file, each asked for once. What is wrong is noted, and reading goes on, so that
 * all problems are told at once: whoever reads looks at {@link #isGood} before using values.
 * Confined to one thread.
 */
final class NodeFields {
  private static final int SHOWN = 100;

  private final FileNode.Fields node;
  private final String path;
  private final List<String> problems;
  private final int before;
  private final TreeSet<String> known = new TreeSet<>();

  /**
   * Reads {@code node}.
   *
   * @param path what it is called in problems, empty for the file itself
   * @param problems where they are noted
   */
  NodeFields(FileNode.Fields node, String path, List<String> problems) {
    this.node = node;
    this.path = path;
    this.problems = problems;
    this.before = problems.size();
  }

  /** True if nothing was wrong so far. */
  boolean isGood() {
    return problems.size() == before;
  }

  /** True if the field is there. */
  boolean has(String name) {
    known.add(name);
    return node.fields().containsKey(name);
  }

  /** The names of the fields that are there. */
  Set<String> names() {
    return node.fields().keySet();
  }

  /** Notes that the fields as a whole are wrong. */
  void wrong(String problem) {
    note(node.line(), path.isEmpty() ? problem : path + ": " + problem);
  }

  private void note(int line, String problem) {
    problems.add(LimitFileException.located(line, problem));
  }

  private String called(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Notes what is wrong with a field that is there. */
  private void wrong(String name, FileNode value, String rule) {
    note(value.line(), "%s %s, %s".formatted(called(name), rule, was(value)));
  }

  private static String was(FileNode value) {
    if (value instanceof FileNode.Text text) {
      String shown = text.text();
      return shown.isEmpty()
          ? "had no value"
          : "was \"" + (shown.length() > SHOWN ? shown.substring(0, SHOWN) + "..." : shown) + '"';
    }
    return value instanceof FileNode.Items ? "was a list" : "had fields of its own";
  }

  /** The text of a field; null where it is absent or wrong. */
  @Nullable String text(String name) {
    return has(name) ? text(name, node.fields().get(name)) : null;
  }

  private @Nullable String text(String name, @Nullable FileNode value) {
    if (value instanceof FileNode.Text text && !text.text().isEmpty()) {
      return text.text();
    }
    if (value != null) {
      wrong(name, value, "must be a single value");
    }
    return null;
  }

  /** Notes it where a field is absent. */
  void require(String name, String what) {
    if (!has(name)) {
      wrong("%s is required: %s".formatted(name, what));
    }
  }

  /** A field by a rule of its own; null where it is absent or wrong. */
  <T> @Nullable T parsed(String name, Function<String, T> rule) {
    String text = text(name);
    return text == null ? null : parsed(name, node.fields().get(name), text, rule);
  }

  /** A field by a rule of its own, or {@code absent}; that too where it is wrong. */
  <T> T parsed(String name, T absent, Function<String, T> rule) {
    T value = parsed(name, rule);
    return value == null ? absent : value;
  }

  private <T> @Nullable T parsed(
      String name, @Nullable FileNode value, String text, Function<String, T> rule) {
    try {
      return rule.apply(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      String message = String.valueOf(e.getMessage());
      String said =
          message.startsWith(name + " must ") ? message.substring(name.length() + 1) : message;
      boolean shows = said.contains('"' + text + '"') || said.contains("was " + text);
      note(
          value == null ? node.line() : value.line(),
          called(name)
              + (said.startsWith("must ") ? " " : ": ")
              + said
              + (shows ? "" : ", was \"" + text + '"'));
      return null;
    }
  }

  /** One of the constants of {@code type}, in lower case with dashes; null if absent or wrong. */
  <E extends Enum<E>> @Nullable E word(String name, Class<E> type) {
    return parsed(name, text -> word(type, text));
  }

  private static <E extends Enum<E>> E word(Class<E> type, String text) {
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String word = JsonWriter.word(constant);
      if (word.equals(text)) {
        return constant;
      }
      words.add(word);
    }
    throw new IllegalArgumentException("must be one of " + String.join(", ", words));
  }

  /** The items of a list; none where it is absent or wrong. */
  List<FileNode> items(String name) {
    if (!has(name)) {
      return List.of();
    }
    FileNode value = node.fields().get(name);
    if (value instanceof FileNode.Items items) {
      return items.items();
    }
    if (value != null) {
      wrong(name, value, "must be a list");
    }
    return List.of();
  }

  /** The items of a list of texts, each by a rule; those that are wrong are left out. */
  <T> List<T> items(String name, Function<String, T> rule) {
    List<T> read = new ArrayList<>();
    for (FileNode item : items(name)) {
      String text = text(name, item);
      T value = text == null ? null : parsed(name, item, text, rule);
      if (value != null) {
        read.add(value);
      }
    }
    return read;
  }

  /** The fields of a field; null where it is absent or has none. */
  @Nullable NodeFields fields(String name) {
    FileNode value = has(name) ? node.fields().get(name) : null;
    return value instanceof FileNode.Fields fields
        ? new NodeFields(fields, called(name), problems)
        : null;
  }

  /** Texts by name in a field; none where it is absent or wrong. */
  Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    NodeFields fields = fields(name);
    FileNode value = node.fields().get(name);
    if (fields == null && value != null) {
      wrong(name, value, "must have fields with names");
    }
    if (fields != null) {
      for (String key : fields.node.fields().keySet()) {
        String text = fields.text(key);
        if (text != null) {
          texts.put(key, text);
        }
      }
    }
    return texts;
  }

  /** Notes every field that nobody asked for, so that a mistyped name is noticed. */
  void requireNoOthers() {
    node.fields()
        .forEach(
            (name, value) -> {
              if (!known.contains(name)) {
                note(
                    value.line(),
                    "%s is not known here; known are %s"
                        .formatted(called(name), String.join(", ", known)));
              }
            });
  }
}
