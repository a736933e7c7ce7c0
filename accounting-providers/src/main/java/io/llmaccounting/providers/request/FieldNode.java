package io.llmaccounting.providers.request;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A place in a request of which something is declared. Not changed once its tree is built. */
final class FieldNode {
  /** What a text that stands here means if it is, or starts with, {@code value}. */
  record Meaning(String value, boolean start, @Nullable Counted counted) {
    boolean isMetBy(String text) {
      return start ? text.startsWith(value) : text.equals(value);
    }
  }

  private final Map<String, FieldNode> children = new HashMap<>();
  private final int section;
  final Set<Counted> counted = EnumSet.noneOf(Counted.class);
  final List<Meaning> meanings = new ArrayList<>();
  @Nullable String sign;
  @Nullable RequestWord word;
  int rank;
  boolean text;
  boolean textIf;
  boolean metadata;
  private @Nullable FieldNode anything;

  private FieldNode(int section) {
    this.section = section;
  }

  /** The tree of all that {@code fields} declare. */
  static FieldNode treeOf(RequestFields fields) {
    FieldNode root = new FieldNode(-1);
    for (String path : fields.needs()) {
      root.at(path, fields).sign = path;
    }
    for (String path : fields.signs()) {
      root.at(path, fields).sign = path;
    }
    for (RequestWord word : RequestWord.values()) {
      int rank = 0;
      for (String path : fields.words(word)) {
        FieldNode node = root.at(path, fields);
        node.word = word;
        node.rank = rank++;
      }
    }
    fields.texts().stream()
        .filter(path -> !path.endsWith(".**"))
        .forEach(path -> root.at(path, fields).text = true);
    fields
        .textsIf()
        .forEach(
            (path, condition) -> {
              root.at(path, fields).textIf = true;
              root.declare(condition, null, fields);
            });
    fields.metadata().forEach(path -> root.at(path, fields).metadata = true);
    for (Counted what : Counted.values()) {
      fields.counted(what).forEach(path -> root.declare(path, what, fields));
    }
    fields.texts().stream()
        .filter(path -> path.endsWith(".**"))
        .forEach(path -> root.at(path.substring(0, path.length() - 3), fields).becomeText());
    // A request inside an object has the places that it has on its own.
    fields.wrappers().forEach(name -> root.children.put(name, root));
    return root;
  }

  private void declare(String path, @Nullable Counted what, RequestFields fields) {
    int equals = path.indexOf('=');
    if (equals < 0 && what != null) {
      at(path, fields).counted.add(what);
      return;
    }
    String value = path.substring(equals + 1);
    boolean start = value.endsWith("*");
    at(path.substring(0, equals), fields)
        .meanings
        .add(new Meaning(start ? value.substring(0, value.length() - 1) : value, start, what));
  }

  private FieldNode at(String path, RequestFields fields) {
    String[] names = path.split("\\.", -1);
    int ofTop = fields.sections().indexOf(names[0]);
    FieldNode node = this;
    for (String name : names) {
      node = node.children.computeIfAbsent(name, n -> new FieldNode(ofTop));
    }
    return node;
  }

  /** Makes text of all that stands here, but for words in its place and marks of a cache. */
  private void becomeText() {
    text = word == null;
    FieldNode all = new FieldNode(section);
    all.text = true;
    all.anything = all;
    anything = all;
    children.values().stream()
        .filter(child -> !child.counted.contains(Counted.CACHE_MARK))
        .forEach(FieldNode::becomeText);
  }

  /** What is declared of {@code name} in an object that stands here; null for nothing. */
  @Nullable FieldNode child(String name) {
    FieldNode child = children.get(name);
    return child == null ? anything : child;
  }

  /** Whether all that stands under here is text, names included. */
  boolean isThroughout() {
    return anything != null;
  }

  /** The index of the part of the prompt that this belongs to; below zero for none. */
  int section() {
    return section;
  }
}
