package io.llmaccounting.server.rest.contract;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object of the contract, whose entries are read as what they must be. */
final class Keywords {
  private final Map<String, Object> values;

  private Keywords(Map<String, Object> values) {
    this.values = values;
  }

  static Keywords of(@Nullable Object yaml) {
    if (yaml == null) {
      return new Keywords(Map.of());
    }
    if (!(yaml instanceof Map<?, ?> map)) {
      throw new IllegalStateException("the contract must have an object here, had " + yaml);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((name, value) -> values.put(String.valueOf(name), value));
    return new Keywords(values);
  }

  Map<String, Object> all() {
    return values;
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  Keywords object(String name) {
    return of(values.get(name));
  }

  List<Object> list(String name) {
    return values.get(name) instanceof List<?> list ? new ArrayList<>(list) : List.of();
  }

  List<String> texts(String name) {
    return list(name).stream().map(String::valueOf).toList();
  }

  @Nullable String text(String name) {
    Object value = values.get(name);
    return value == null ? null : String.valueOf(value);
  }

  String required(String name) {
    String text = text(name);
    if (text == null) {
      throw new IllegalStateException("the contract lacks " + name + " in " + values.keySet());
    }
    return text;
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  @Nullable BigDecimal number(String name) {
    Object value = values.get(name);
    return value == null ? null : new BigDecimal(String.valueOf(value));
  }

  int whole(String name, int otherwise) {
    BigDecimal number = number(name);
    return number == null ? otherwise : number.intValueExact();
  }
}
