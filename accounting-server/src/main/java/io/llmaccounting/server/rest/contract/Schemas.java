package io.llmaccounting.server.rest.contract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The schemas that have names. Filled before it is used; then safe for use by many threads. */
final class Schemas {
  private static final String PREFIX = "#/components/schemas/";

  private final Map<String, Schema> named = new LinkedHashMap<>();

  void add(String name, Keywords keywords) {
    named.put(PREFIX + name, new Schema(keywords, this));
  }

  Schema find(String ref) {
    Schema schema = named.get(ref);
    if (schema == null) {
      throw new IllegalStateException("the contract has no " + ref);
    }
    return schema;
  }

  List<String> names() {
    return named.keySet().stream().map(ref -> ref.substring(PREFIX.length())).toList();
  }

  Schema named(String name) {
    return find(PREFIX + name);
  }
}
