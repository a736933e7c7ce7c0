package io.llmaccounting.server.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Predicate;

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
    return JsonList.of(answer, LISTS, NAMES)
        .only(name -> name.isEmpty() || allowed.test(ofGoogle(name)));
  }

  private static String ofGoogle(String name) {
    return name.startsWith(OF_GOOGLE) ? name.substring(OF_GOOGLE.length()) : name;
  }
}
