package io.llmaccounting.providers.request;

import io.llmaccounting.providers.internal.StorableName;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows a request as one shape declares it, and keeps figures and names, never texts. Confined to
 * one thread.
 */
final class FieldCapture {
  private static final int MAX_METADATA = 16;
  private static final int USUAL_DEPTH = 16;

  /** What is known of an object or array that is open. */
  private static final class Open {
    @Nullable FieldNode node;
    boolean array;
    boolean ids;
    boolean marked;
    boolean met;
    long conditional;

    void begin(@Nullable FieldNode at, boolean isArray) {
      node = at;
      array = isArray;
      ids = false;
      marked = false;
      met = false;
      conditional = 0;
    }
  }

  private final RequestFields fields;
  private final FieldNode root;
  private Open[] open = new Open[USUAL_DEPTH];
  private final long[] sections;
  private final long[] marked;
  private final Map<RequestWord, String> words = new EnumMap<>(RequestWord.class);
  private final Map<RequestWord, Integer> ranks = new EnumMap<>(RequestWord.class);
  private final Map<Counted, Long> counts = new EnumMap<>(Counted.class);
  private final Map<String, String> metadata = new TreeMap<>();
  private final Set<String> signs = new HashSet<>();
  private @Nullable FieldNode field;
  private String name = "";
  private int depth;
  private long characters;
  private long tokenIds;
  private boolean wholeMarked;

  FieldCapture(RequestDialect dialect) {
    fields = dialect.fields();
    root = dialect.tree();
    sections = new long[fields.sections().size()];
    marked = new long[sections.length];
    Arrays.fill(marked, -1);
  }

  /** A name in an object, of so many characters. */
  void name(String text, long length) {
    FieldNode container = open[depth].node;
    name = text;
    field = container == null ? null : container.child(text);
    if (field != null && field.text && container != null && container.isThroughout()) {
      addText(field, length);
    }
    if (field != null && field.sign != null) {
      signs.add(field.sign);
    }
  }

  void startObject() {
    FieldNode node = begin(false);
    if (node != null && node.word == RequestWord.FORMAT) {
      word(node, "json_schema");
    }
    if (node != null) {
      countAt(node);
    }
  }

  void startArray() {
    begin(true);
  }

  private @Nullable FieldNode begin(boolean array) {
    FieldNode node = depth == 0 ? root : valueNode();
    depth++;
    if (depth == open.length) {
      open = Arrays.copyOf(open, 2 * depth);
    }
    if (open[depth] == null) {
      open[depth] = new Open();
    }
    open[depth].begin(node, array);
    return node;
  }

  private @Nullable FieldNode valueNode() {
    return open[depth].array ? open[depth].node : field;
  }

  /** An object or array ends. */
  void end() {
    Open ended = open[depth];
    depth--;
    FieldNode node = ended.node;
    if (node == null) {
      return;
    }
    if (ended.ids && node.counted.contains(Counted.MESSAGE)) {
      add(Counted.MESSAGE);
    }
    if (ended.met) {
      addText(node, ended.conditional);
    }
    if (ended.marked && node.section() < 0) {
      wholeMarked = true;
    } else if (ended.marked) {
      marked[node.section()] = sections[node.section()];
    }
  }

  /** A text of so many characters; {@code value} is null where it is too long to be a word. */
  void text(@Nullable String value, long length) {
    FieldNode node = valueNode();
    if (node == null) {
      if (value != null) {
        keepMetadata(value);
      }
      return;
    }
    if (node.text) {
      addText(node, length);
    }
    if (node.textIf) {
      open[depth].conditional += length;
    }
    countAt(node);
    if (value != null) {
      word(node, value);
      meaning(node, value);
    }
  }

  /** A number, as it was written. */
  void number(String text) {
    FieldNode node = valueNode();
    if (node == null) {
      return;
    }
    if (node.isThroughout()) {
      addText(node, text.length());
    } else if (node.text) {
      tokenIds++;
      open[depth].ids |= open[depth].array;
    }
    word(node, text);
  }

  void flag(boolean value) {
    FieldNode node = valueNode();
    if (node == null) {
      return;
    }
    String text = Boolean.toString(value);
    if (node.isThroughout()) {
      addText(node, text.length());
    }
    word(node, text);
  }

  /** A file under {@code name} of a form. */
  void upload(String part) {
    name(part, 0);
    if (field != null) {
      countAt(field);
    }
  }

  private void addText(FieldNode node, long length) {
    characters += length;
    if (node.section() >= 0) {
      sections[node.section()] += length;
    }
  }

  private void countAt(FieldNode node) {
    for (Counted what : node.counted) {
      add(what);
      if (what == Counted.CACHE_MARK) {
        // A mark covers the text up to the end of the object that it stands in.
        open[Math.max(1, containerOfMark())].marked = true;
      }
    }
  }

  private int containerOfMark() {
    return open[depth].node != null && open[depth].node.counted.contains(Counted.CACHE_MARK)
        ? depth - 1
        : depth;
  }

  private void add(Counted what) {
    counts.merge(what, 1L, Long::sum);
  }

  private void word(FieldNode node, String value) {
    RequestWord word = node.word;
    if (word != null
        && !open[depth].array
        && node.rank <= ranks.getOrDefault(word, Integer.MAX_VALUE)) {
      words.put(word, value);
      ranks.put(word, node.rank);
    }
  }

  private void meaning(FieldNode node, String value) {
    for (FieldNode.Meaning meaning : node.meanings) {
      if (meaning.isMetBy(value)) {
        if (meaning.counted() == null) {
          open[depth].met = true;
        } else {
          add(meaning.counted());
        }
        return;
      }
    }
  }

  private void keepMetadata(String value) {
    FieldNode container = open[depth].node;
    String key = StorableName.orNull(name);
    String kept = StorableName.orNull(value);
    if (container != null
        && container.metadata
        && !open[depth].array
        && key != null
        && kept != null
        && (metadata.size() < MAX_METADATA || metadata.containsKey(key))) {
      metadata.put(key, kept);
    }
  }

  RequestFields fields() {
    return fields;
  }

  /** How surely the request has this shape: 0 if it can not, else 1 and one for each sign. */
  int evidence(@Nullable String model) {
    if (fields.needs().stream().noneMatch(signs::contains)) {
      return 0;
    }
    long seen = fields.signs().stream().filter(signs::contains).count();
    boolean named =
        model != null
            && fields.modelStarts().stream()
                .anyMatch(start -> model.regionMatches(true, 0, start, 0, start.length()));
    return 1 + (int) seen + (named ? 1 : 0);
  }

  @Nullable String word(RequestWord word) {
    return words.get(word);
  }

  long count(Counted what) {
    return counts.getOrDefault(what, 0L);
  }

  Map<String, String> metadata() {
    return metadata;
  }

  long characters() {
    return characters;
  }

  long tokenIds() {
    return tokenIds;
  }

  /** The characters up to the last mark in the order in which the model reads; 0 without marks. */
  long markedCharacters() {
    if (wholeMarked) {
      return characters;
    }
    long before = 0;
    long prefix = 0;
    for (int i = 0; i < sections.length; i++) {
      if (marked[i] >= 0) {
        prefix = before + marked[i];
      }
      before += sections[i];
    }
    return prefix;
  }
}
