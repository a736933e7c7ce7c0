package io.llmaccounting.cli.calls;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.llmaccounting.cli.console.Durations;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSplit;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageFields;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call as an object of JSON with the fields of an export. Input includes cached tokens. */
final class CallLine {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Set<String> TEXTS =
      Set.of(
          "id",
          "key",
          "at",
          "model",
          "response_model",
          "provider",
          "operation",
          "user",
          "project",
          "caller",
          "session",
          "outcome");

  private static final Set<String> COUNTS =
      Set.of(
          "input_tokens",
          "cache_read_tokens",
          "cache_write_tokens",
          "cache_write_1h_tokens",
          "output_tokens",
          "reasoning_tokens",
          "total_tokens");

  private static final Set<String> DECIMALS = Set.of("cost", "latency");

  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();
  private final Map<String, BigDecimal> decimals = new HashMap<>();
  private final Map<String, String> tags = new HashMap<>();
  @Nullable String id;
  @Nullable String key;
  @Nullable String at;

  private CallLine() {}

  /**
   * Reads a line; null where it is an object of another kind, such as an answer of a provider.
   *
   * @throws IllegalArgumentException if it is no JSON, or a field has a value of another type
   */
  static @Nullable CallLine parse(byte[] bytes) throws IOException {
    CallLine line = new CallLine();
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("must be an object of JSON, was something else");
      }
      String unknown = null;
      for (JsonToken name = json.nextToken();
          name != JsonToken.END_OBJECT;
          name = json.nextToken()) {
        String field = json.currentName();
        json.nextToken();
        if (!line.take(field, json)) {
          unknown = unknown == null ? field : unknown;
          json.skipChildren();
        }
      }
      if (json.nextToken() != null) {
        throw new IllegalArgumentException("must be one object on a line, had more behind it");
      }
      return line.known(unknown);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("must be JSON: " + e.getOriginalMessage(), e);
    }
  }

  // Only answers of providers have fields that an export does not have, and no counts beside them.
  private @Nullable CallLine known(@Nullable String unknown) {
    if (unknown != null && !counts.isEmpty()) {
      throw new IllegalArgumentException("there is no field \"" + unknown + "\"");
    }
    id = texts.get("id");
    key = texts.get("key");
    at = texts.get("at");
    return unknown == null ? this : null;
  }

  private boolean take(String field, JsonParser json) throws IOException {
    boolean known =
        TEXTS.contains(field)
            || COUNTS.contains(field)
            || DECIMALS.contains(field)
            || field.equals("tags");
    if (!known || json.currentToken() == JsonToken.VALUE_NULL) {
      return known;
    }
    if (TEXTS.contains(field)) {
      texts.put(field, text(field, json));
    } else if (COUNTS.contains(field)) {
      counts.put(field, count(field, json));
    } else if (DECIMALS.contains(field)) {
      decimals.put(field, decimal(field, json));
    } else {
      readTags(json);
    }
    return true;
  }

  private void readTags(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("tags must be an object of texts, was something else");
    }
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String tag = json.currentName();
      json.nextToken();
      tags.put(tag, text("tags." + tag, json));
    }
  }

  private static String text(String field, JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new IllegalArgumentException(field + " must be a text, was something else");
    }
    return json.getText();
  }

  private static long count(String field, JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new IllegalArgumentException(field + " must be a whole number, was something else");
    }
    return json.getLongValue();
  }

  private static BigDecimal decimal(String field, JsonParser json) throws IOException {
    try {
      return json.currentToken() == JsonToken.VALUE_STRING
          ? new BigDecimal(json.getText())
          : json.getDecimalValue();
    } catch (NumberFormatException | JsonProcessingException e) {
      throw new IllegalArgumentException(
          field + " must be a decimal number such as \"0.25\", was something else", e);
    }
  }

  /** Writes what the line says into {@code call}, over what is there. */
  void into(UsageFields<?> call, CallOptions defaults) {
    String model = texts.get("model");
    if (model != null) {
      call.model(model);
    }
    if (texts.containsKey("response_model")) {
      call.responseModel(texts.get("response_model"));
    }
    if (texts.containsKey("provider")) {
      call.provider(texts.get("provider"));
    }
    if (texts.containsKey("operation")) {
      call.operation(texts.get("operation"));
    }
    if (texts.containsKey("outcome")) {
      call.outcome(outcome(texts.get("outcome")));
    }
    if (decimals.containsKey("cost")) {
      call.cost(Cost.usd(decimals.get("cost")));
    }
    if (decimals.containsKey("latency")) {
      call.latency(Durations.ofSeconds(decimals.get("latency")));
    }
    TokenUsage tokens = tokens();
    if (tokens != null) {
      call.tokens(tokens);
    }
    call.attribution(attribution().orElse(defaults.who.attribution()));
  }

  private Attribution attribution() {
    return new Attribution(
        texts.get("project"), texts.get("user"), texts.get("caller"), texts.get("session"), tags);
  }

  private static Outcome outcome(String word) {
    try {
      return Outcome.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "outcome must be succeeded, failed, cancelled or unfinished, was \"" + word + "\"", e);
    }
  }

  private @Nullable TokenUsage tokens() {
    if (counts.isEmpty()) {
      return null;
    }
    TokenSplit split =
        TokenUsage.cacheIncluded()
            .input(count("input_tokens"))
            .cacheRead(count("cache_read_tokens"))
            .cacheWrite5m(count("cache_write_tokens"))
            .cacheWrite1h(count("cache_write_1h_tokens"))
            .output(count("output_tokens"))
            .reasoning(count("reasoning_tokens"));
    Long total = counts.get("total_tokens");
    return total == null ? split.build() : split.reportedTotal(total).build();
  }

  private long count(String field) {
    return counts.getOrDefault(field, 0L);
  }
}
