package io.llmaccounting.json;

import io.llmaccounting.usage.RequestSettings;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** How a model was asked, as fields of the line of its call. */
final class AskedLine {
  private AskedLine() {}

  static void write(JsonWriter to, RequestSettings asked) throws IOException {
    to.number("max_tokens", asked.maxOutputTokens())
        .decimal("temperature", asked.temperature())
        .decimal("top_p", asked.topP())
        .number("messages", asked.messages())
        .text("origin", asked.origin());
  }

  static RequestSettings read(JsonFields line) {
    return new RequestSettings(
        line.optionalNumber("max_tokens"),
        decimal(line, "temperature"),
        decimal(line, "top_p"),
        line.optionalNumber("messages"),
        line.optionalText("origin"));
  }

  private static @Nullable Double decimal(JsonFields line, String name) {
    BigDecimal value = line.optionalDecimal(name);
    return value == null ? null : value.doubleValue();
  }
}
