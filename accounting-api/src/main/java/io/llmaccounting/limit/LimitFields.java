package io.llmaccounting.limit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of limits as people read them. Pure. */
final class LimitFields {
  private LimitFields() {}

  /** The parts in which two limits differ; those of the other where one is null. */
  static List<FieldChange> differing(@Nullable Limit before, @Nullable Limit after) {
    Map<String, String> old = before == null ? Map.of() : values(before);
    Map<String, String> now = after == null ? Map.of() : values(after);
    Set<String> names = new LinkedHashSet<>(old.keySet());
    names.addAll(now.keySet());
    List<FieldChange> changes = new ArrayList<>();
    for (String name : names) {
      if (!Objects.equals(old.get(name), now.get(name))) {
        changes.add(new FieldChange(name, old.get(name), now.get(name)));
      }
    }
    return changes;
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
