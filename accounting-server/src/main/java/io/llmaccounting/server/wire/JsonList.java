package io.llmaccounting.server.wire;

import io.llmaccounting.server.wire.JsonSpans.Members;
import io.llmaccounting.server.wire.JsonSpans.Span;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A list of things in an answer, each with a name, of which some are taken out. Every other byte
 * stays as it came.
 */
public final class JsonList {
  private final Buffer answer;
  private final byte[] bytes;
  private final List<Span> all;
  private final List<@Nullable String> names;

  private JsonList(Buffer answer, byte[] bytes, List<Span> all, List<@Nullable String> names) {
    this.answer = answer;
    this.bytes = bytes;
    this.all = all;
    this.names = names;
  }

  /**
   * Reads a list.
   *
   * @param answer JSON that is not encoded: the list itself, or an object that has it
   * @param lists what the list may be called, the first that is there counts
   * @param fields what the name of a thing may be called, the first that is there counts
   * @return one without things where it is not understood
   */
  public static JsonList of(Buffer answer, List<String> lists, List<String> fields) {
    byte[] bytes = answer.getBytes();
    JsonSpans json = new JsonSpans(bytes);
    try {
      Span list = list(json, lists);
      List<Span> all = list == null ? List.of() : json.elements(list);
      List<@Nullable String> names = new ArrayList<>();
      for (Span one : all) {
        names.add(name(json, one, fields));
      }
      return new JsonList(answer, bytes, all, names);
    } catch (UnreadableJson e) {
      return new JsonList(answer, bytes, List.of(), List.of());
    }
  }

  /** The names of the things, null for one that has none. */
  public List<@Nullable String> names() {
    return names;
  }

  /** The answer without the things whose names are not kept; what has no name is asked as empty. */
  public Buffer only(Predicate<String> kept) {
    List<Integer> staying = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String name = names.get(i);
      if (kept.test(name == null ? "" : name)) {
        staying.add(i);
      }
    }
    return staying.size() == all.size() ? answer : Buffer.buffer(only(staying));
  }

  /** The text without the other elements of the list; each keeps what separates it. */
  private byte[] only(List<Integer> kept) {
    ByteArrayOutputStream only = new ByteArrayOutputStream(bytes.length);
    only.write(bytes, 0, all.get(0).from());
    boolean first = true;
    for (int i : kept) {
      Span element = all.get(i);
      int from = first ? element.from() : all.get(i - 1).to();
      only.write(bytes, from, element.to() - from);
      first = false;
    }
    int behind = all.get(all.size() - 1).to();
    only.write(bytes, behind, bytes.length - behind);
    return only.toByteArray();
  }

  private static @Nullable Span list(JsonSpans json, List<String> lists) throws UnreadableJson {
    Span root = json.root();
    if (!json.isObject(root)) {
      return json.isArray(root) ? root : null;
    }
    Members members = json.members(root);
    for (String name : lists) {
      Span list = members.last(name);
      if (list != null && json.isArray(list)) {
        return list;
      }
    }
    return null;
  }

  private static @Nullable String name(JsonSpans json, Span element, List<String> fields)
      throws UnreadableJson {
    if (!json.isObject(element)) {
      return null;
    }
    Members members = json.members(element);
    for (String field : fields) {
      Span name = members.last(field);
      if (name != null && json.isText(name)) {
        return json.text(name);
      }
    }
    return null;
  }
}
