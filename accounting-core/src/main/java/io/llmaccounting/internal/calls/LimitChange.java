package io.llmaccounting.internal.calls;

import io.llmaccounting.limit.Limit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says in an audit entry how a limit was changed: the limit before and after, where they differ.
 */
public final class LimitChange {
  private LimitChange() {}

  /**
   * The attributes of the entry.
   *
   * @param before the limit as it was, null where there was none
   * @param after the limit as it is, null where there is none
   */
  public static Map<String, String> of(String name, @Nullable Limit before, @Nullable Limit after) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("limit", name);
    about.put("change", change(before, after));
    Map<String, String> old = before == null ? Map.of() : values(before);
    Map<String, String> now = after == null ? Map.of() : values(after);
    put(about, "old", differing(old, now));
    put(about, "new", differing(now, old));
    return about;
  }

  private static String change(@Nullable Limit before, @Nullable Limit after) {
    if (before == null) {
      return "created";
    }
    if (after == null) {
      return "deleted";
    }
    return before.equals(after) ? "none" : "changed";
  }

  private static void put(Map<String, String> about, String key, String text) {
    if (!text.isEmpty()) {
      about.put(key, text);
    }
  }

  private static String differing(Map<String, String> these, Map<String, String> those) {
    return these.entrySet().stream()
        .filter(value -> !Objects.equals(value.getValue(), those.get(value.getKey())))
        .map(value -> value.getKey() + "=" + value.getValue())
        .collect(Collectors.joining("; "));
  }

  private static Map<String, String> values(Limit limit) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("metric", limit.metric().toString());
    values.put(
        "maximum", limit.isExemption() ? "unlimited" : limit.metric().format(limit.maximum()));
    values.put("window", limit.window().toString());
    values.put("action", limit.action().name());
    values.put("watches", limit.who().toString());
    values.put("alerts", limit.alertPercents().toString());
    values.put("outage", outage(limit));
    values.put("unpriced", unpriced(limit));
    if (limit.chosenGrain() != null) {
      values.put("grain", limit.chosenGrain().toString());
    }
    if (limit.weights() != null) {
      values.put("weights", limit.weights().toString());
    }
    if (limit.leaseTerm() != null) {
      values.put("leased", limit.leaseTerm().toString());
    }
    return values;
  }

  private static String outage(Limit limit) {
    return limit.outage().isOpen()
        ? "open:" + limit.metric().format(limit.outage().openAmount())
        : "closed";
  }

  private static String unpriced(Limit limit) {
    return switch (limit.unpriced().kind()) {
      case DENY -> "deny";
      case ADMIT -> "admit";
      case CHARGE -> "charge:" + limit.unpriced().ceiling();
    };
  }
}
