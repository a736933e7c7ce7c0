package io.llmaccounting.sql;

import io.llmaccounting.usage.RequestSettings;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a model was asked, as texts by name: in one column, since nothing is searched for by it. */
final class AskedColumn {
  private AskedColumn() {}

  static Map<String, String> write(RequestSettings asked) {
    Map<String, String> texts = new TreeMap<>();
    put(texts, "max_output_tokens", asked.maxOutputTokens());
    put(texts, "messages", asked.messages());
    put(texts, "origin", asked.origin());
    put(texts, "temperature", asked.temperature());
    put(texts, "top_p", asked.topP());
    return texts;
  }

  private static void put(Map<String, String> texts, String name, @Nullable Object value) {
    if (value != null) {
      texts.put(name, value.toString());
    }
  }

  /**
   * What {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static RequestSettings read(Map<String, String> texts) {
    if (texts.isEmpty()) {
      return RequestSettings.NONE;
    }
    return new RequestSettings(
        whole(texts.get("max_output_tokens")),
        number(texts.get("temperature")),
        number(texts.get("top_p")),
        whole(texts.get("messages")),
        texts.get("origin"));
  }

  private static @Nullable Long whole(@Nullable String text) {
    return text == null ? null : Long.valueOf(text);
  }

  private static @Nullable Double number(@Nullable String text) {
    return text == null ? null : Double.valueOf(text);
  }
}
