package io.llmaccounting.server.rest;

import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.server.rest.contract.Parameter;
import io.llmaccounting.server.rest.contract.Schema;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Requests that the contract allows, and such that it does not. */
final class RandomRequests {
  private static final List<String> ODD =
      List.of(
          "",
          " ",
          "\u0000",
          "\u202e",
          "\ud83d\ude80",
          "x".repeat(300),
          "'; DROP TABLE usage_event; --",
          "../../etc/passwd",
          "%00",
          "-1",
          "9223372036854775808",
          "NaN",
          "0000-00-00T00:00:00Z",
          "+999999999-12-31T23:59:59Z",
          "null");
  private static final List<BigDecimal> NUMBERS =
      List.of(
          BigDecimal.ZERO,
          BigDecimal.ONE,
          BigDecimal.valueOf(-1),
          new BigDecimal("0.5"),
          BigDecimal.valueOf(Long.MAX_VALUE),
          new BigDecimal("1e40"),
          new BigDecimal("1e-40"),
          BigDecimal.valueOf(1_000));

  private final Random random;

  RandomRequests(Random random) {
    this.random = random;
  }

  /**
   * A request.
   *
   * @param path path and query
   * @param body the body, or null
   */
  record Made(String path, @Nullable String body) {}

  Made of(Operation operation) {
    String path = operation.path();
    List<String> query = new ArrayList<>();
    for (Parameter parameter : operation.parameters()) {
      if (parameter.place().equals("path")) {
        path = path.replace("{" + parameter.name() + "}", encoded(text(parameter.schema())));
      } else if (parameter.place().equals("query") && random.nextInt(3) == 0) {
        int times = parameter.isList() ? 1 + random.nextInt(3) : random.nextInt(20) == 0 ? 2 : 1;
        for (int i = 0; i < times; i++) {
          query.add(parameter.name() + "=" + encoded(text(parameter.schema())));
        }
      }
    }
    if (random.nextInt(15) == 0) {
      query.add("odd=" + random.nextInt());
    }
    Operation.Body body = operation.body();
    String separator = query.isEmpty() ? "" : "?";
    return new Made(
        path + separator + String.join("&", query), body == null ? null : body(body, operation));
  }

  private String body(Operation.Body body, Operation operation) {
    Object value;
    if (!body.examples().isEmpty() && random.nextBoolean()) {
      List<Object> examples = new ArrayList<>(body.examples().values());
      value = Json.of(examples.get(random.nextInt(examples.size())));
      value = random.nextInt(4) == 0 ? value : broken(value);
    } else {
      value = value(body.schema(), 0);
    }
    String text = value instanceof Map<?, ?> ? Json.text(value) : "[1]";
    return random.nextInt(20) == 0 ? text.substring(0, random.nextInt(text.length())) : text;
  }

  /** The same with something else somewhere. */
  private Object broken(Object value) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      Map<String, Object> other = new LinkedHashMap<>();
      int chosen = random.nextInt(map.size() + 1);
      int i = 0;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        Object one = entry.getValue();
        if (i++ != chosen) {
          other.put(String.valueOf(entry.getKey()), one);
        } else if (random.nextInt(4) > 0) {
          other.put(String.valueOf(entry.getKey()), broken(one));
        }
      }
      if (chosen == map.size()) {
        other.put("odd", anything());
      }
      return other;
    }
    if (value instanceof List<?> list && !list.isEmpty()) {
      List<Object> other = new ArrayList<>(list);
      int chosen = random.nextInt(list.size());
      other.set(chosen, broken(other.get(chosen)));
      return other;
    }
    return anything();
  }

  private Object anything() {
    return switch (random.nextInt(5)) {
      case 0 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
      case 1 -> random.nextBoolean();
      case 2 -> List.of("a");
      case 3 -> Map.of("a", "b");
      default -> ODD.get(random.nextInt(ODD.size()));
    };
  }

  private Object value(Schema schema, int depth) {
    if (random.nextInt(12) == 0 || depth > 4) {
      return anything();
    }
    return switch (schema.type()) {
      case "object" -> object(schema, depth);
      case "array" -> {
        Schema items = schema.items();
        List<Object> values = new ArrayList<>();
        for (int i = random.nextInt(3); items != null && i >= 0; i--) {
          values.add(value(items, depth + 1));
        }
        yield values;
      }
      case "boolean" -> random.nextBoolean();
      case "integer", "number" ->
          random.nextBoolean()
              ? BigDecimal.valueOf(random.nextInt(10_000))
              : NUMBERS.get(random.nextInt(NUMBERS.size()));
      default -> text(schema);
    };
  }

  private Map<String, Object> object(Schema schema, int depth) {
    Map<String, Object> values = new LinkedHashMap<>();
    schema
        .properties()
        .forEach(
            (name, field) -> {
              boolean needed = schema.required().contains(name) && random.nextInt(10) > 0;
              if (needed || random.nextInt(4) == 0) {
                values.put(name, value(field, depth + 1));
              }
            });
    if (schema.properties().isEmpty()) {
      values.put("team", anything());
    }
    return values;
  }

  private String text(Schema schema) {
    Schema items = schema.items();
    if (items != null) {
      return text(items);
    }
    if (random.nextInt(4) == 0) {
      return ODD.get(random.nextInt(ODD.size()));
    }
    if (schema.stated().get("enum") instanceof List<?> words) {
      return String.valueOf(words.get(random.nextInt(words.size())));
    }
    if ("date-time".equals(schema.stated().get("format"))) {
      return "2026-03-0%dT0%d:00:00Z".formatted(1 + random.nextInt(9), random.nextInt(10));
    }
    if ("uuid".equals(schema.stated().get("format"))) {
      return new UUID(random.nextLong(), random.nextLong()).toString();
    }
    return switch (schema.type()) {
      case "integer", "number" -> String.valueOf(random.nextInt(2_000) - 500);
      case "boolean" -> String.valueOf(random.nextBoolean());
      default ->
          List.of("apollo", "alice", "gpt-5-mini", "team=search", "user", "0.25", "Europe/Berlin")
              .get(random.nextInt(7));
    };
  }

  private static String encoded(String text) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    return encoded.isEmpty() ? "x" : encoded;
  }
}
