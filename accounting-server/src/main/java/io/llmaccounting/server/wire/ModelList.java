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
 * The list of models that an upstream tells, without those that a key may not ask. Of OpenAI,
 * Anthropic and their likes it is {@code data} with an {@code id} each, of Google, Cohere and
 * Ollama {@code models} with a {@code name}. Every other byte stays as it came.
 */
public final class ModelList {
  private static final List<String> LISTS = List.of("data", "models");
  private static final List<String> NAMES = List.of("id", "name", "model");
  private static final String OF_GOOGLE = "models/";

  private ModelList() {}

  /**
   * Removes models from a list. Cursors of its pages stay, so that the next page is found.
   *
   * @param answer the upstream's answer: JSON that is not encoded
   * @param allowed tells of a model's name, without Google's {@code models/}, whether it stays
   * @return {@code answer} itself where nothing is removed or it is not understood; what has no
   *     name stays too
   */
  public static Buffer filtered(Buffer answer, Predicate<String> allowed) {
    byte[] bytes = answer.getBytes();
    JsonSpans json = new JsonSpans(bytes);
    try {
      Span list = list(json);
      List<Span> all = list == null ? List.of() : json.elements(list);
      List<Integer> kept = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        String name = name(json, all.get(i));
        if (name == null || allowed.test(name)) {
          kept.add(i);
        }
      }
      return kept.size() == all.size() ? answer : Buffer.buffer(only(bytes, all, kept));
    } catch (UnreadableJson e) {
      return answer;
    }
  }

  /** The text without the other elements of the list; each keeps what separates it. */
  private static byte[] only(byte[] bytes, List<Span> all, List<Integer> kept) {
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

  private static @Nullable Span list(JsonSpans json) throws UnreadableJson {
    Span root = json.root();
    if (!json.isObject(root)) {
      return json.isArray(root) ? root : null;
    }
    Members members = json.members(root);
    for (String name : LISTS) {
      Span list = members.last(name);
      if (list != null && json.isArray(list)) {
        return list;
      }
    }
    return null;
  }

  private static @Nullable String name(JsonSpans json, Span element) throws UnreadableJson {
    if (!json.isObject(element)) {
      return null;
    }
    Members members = json.members(element);
    for (String field : NAMES) {
      Span name = members.last(field);
      if (name != null && json.isText(name)) {
        String text = json.text(name);
        return text.startsWith(OF_GOOGLE) ? text.substring(OF_GOOGLE.length()) : text;
      }
    }
    return null;
  }
}
