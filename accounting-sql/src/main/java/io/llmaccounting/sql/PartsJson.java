package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.tools.json.JSONArray;
import io.llmaccounting.shaded.jooq.tools.json.JSONParser;
import io.llmaccounting.shaded.jooq.tools.json.ParseException;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of a call as a JSON array; no parts are stored as null. */
final class PartsJson {
  private static final int TOKEN_KINDS = 9;

  private PartsJson() {}

  /** The stored form. */
  static @Nullable String write(List<CallPart> parts) {
    return parts.isEmpty()
        ? null
        : JSONArray.toJSONString(parts.stream().map(PartsJson::fields).toList());
  }

  private static Map<String, Object> fields(CallPart part) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", part.kind());
    put(fields, "model", part.model());
    put(fields, "provider", part.provider());
    fields.put("tokens", tokens(part.tokens()));
    PricedCost price = part.price();
    if (price != null) {
      fields.put("cost", price.cost().nanos());
      fields.put("priced_by", price.pricedBy());
      put(fields, "lower_bound", UsageRow.ifSet(price.lowerBound()));
    }
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private static List<@Nullable Long> tokens(TokenUsage tokens) {
    List<@Nullable Long> kinds = new ArrayList<>(TOKEN_KINDS);
    kinds.add(tokens.uncachedInput());
    kinds.add(tokens.cacheRead());
    kinds.add(tokens.cacheWrite5m());
    kinds.add(tokens.cacheWrite1h());
    kinds.add(tokens.audioInput());
    kinds.add(tokens.textOutput());
    kinds.add(tokens.reasoning());
    kinds.add(tokens.audioOutput());
    kinds.add(tokens.reportedTotal());
    return kinds;
  }

  /** The parts of a stored array. */
  static List<CallPart> read(@Nullable String json) {
    if (json == null) {
      return List.of();
    }
    try {
      List<CallPart> parts = new ArrayList<>();
      for (Object part : (List<?>) new JSONParser().parse(json)) {
        parts.add(part((Map<?, ?>) part));
      }
      return parts;
    } catch (ParseException | ClassCastException | IndexOutOfBoundsException e) {
      throw Damage.of("stored parts must be an array of parts, were " + json, e);
    }
  }

  private static CallPart part(Map<?, ?> fields) {
    Long cost = number(fields.get("cost"));
    String pricedBy = (String) fields.get("priced_by");
    return new CallPart(
        String.valueOf(fields.get("kind")),
        (String) fields.get("model"),
        (String) fields.get("provider"),
        readTokens(fields.get("tokens")),
        cost == null || pricedBy == null
            ? null
            : new PricedCost(
                Cost.ofNanos(cost), pricedBy, Boolean.TRUE.equals(fields.get("lower_bound"))));
  }

  private static TokenUsage readTokens(@Nullable Object stored) {
    if (!(stored instanceof List<?> kinds)) {
      throw new ClassCastException("tokens must be an array, was " + stored);
    }
    long[] known = new long[TOKEN_KINDS - 1];
    for (int i = 0; i < known.length; i++) {
      Long kind = number(kinds.get(i));
      known[i] = kind == null ? 0 : kind;
    }
    return new TokenUsage(
        known[0],
        known[1],
        known[2],
        known[3],
        known[4],
        known[5],
        known[6],
        known[7],
        number(kinds.get(TOKEN_KINDS - 1)));
  }

  private static @Nullable Long number(@Nullable Object value) {
    return value == null ? null : ((Number) value).longValue();
  }
}
