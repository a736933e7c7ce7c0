package io.llmaccounting.server.rest.http;

import io.llmaccounting.server.rest.contract.Fault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Percent-encoded text of paths and queries. */
final class QueryText {
  private QueryText() {}

  /** The parameters of a query, in their order, each with all that is given for it. */
  static Map<String, List<String>> parameters(@Nullable String rawQuery, List<Fault> faults) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    if (rawQuery == null || rawQuery.isEmpty()) {
      return parameters;
    }
    for (String one : rawQuery.split("&", -1)) {
      int equals = one.indexOf('=');
      Optional<String> name = decoded(equals < 0 ? one : one.substring(0, equals));
      Optional<String> value = decoded(equals < 0 ? "" : one.substring(equals + 1));
      if (name.isEmpty() || value.isEmpty()) {
        faults.add(new Fault("query", "be percent-encoded UTF-8", "something else"));
      } else {
        parameters.computeIfAbsent(name.get(), any -> new ArrayList<>()).add(value.get());
      }
    }
    return parameters;
  }

  /** What a segment of a path stands for; empty where it is no text. */
  static Optional<String> segment(String raw) {
    return decoded(raw.replace("+", "%2B"));
  }

  private static Optional<String> decoded(String raw) {
    try {
      String text = URLDecoder.decode(raw, StandardCharsets.UTF_8);
      return text.indexOf('\uFFFD') >= 0 ? Optional.empty() : Optional.of(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
