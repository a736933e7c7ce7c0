package io.llmaccounting.json.limits;

import io.llmaccounting.json.AmountText;
import io.llmaccounting.json.DurationText;
import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.limit.Window;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says a set of limits in the fields of a file; what is as it is by default is left out. */
final class LimitSetNodes {
  private static final String STARTING = " starting ";

  private LimitSetNodes() {}

  static FileNode of(LimitSet set) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("set", set.name());
    file.put("limits", set.limits().stream().map(LimitSetNodes::fields).toList());
    return FileNode.of(file);
  }

  private static Map<String, Object> fields(Limit limit) {
    Map<String, Object> to = new LinkedHashMap<>();
    to.put("name", limit.name());
    to.put("metric", JsonWriter.word(limit.metric()));
    to.put(
        "max",
        limit.isExemption() ? LimitForm.UNLIMITED : AmountText.of(limit.metric(), limit.maximum()));
    window(to, limit);
    watches(to, limit.who());
    if (limit.action() != LimitAction.DENY) {
      to.put("action", JsonWriter.word(limit.action()));
    }
    if (!limit.alertPercents().isEmpty()) {
      to.put("alerts", List.copyOf(limit.alertPercents()));
    }
    policies(to, limit);
    if (limit.chosenGrain() != null) {
      to.put("grain", DurationText.of(limit.chosenGrain()));
    }
    if (limit.weights() != null) {
      Map<String, Object> weights = new LinkedHashMap<>();
      for (String part : limit.weights().toString().split(",", -1)) {
        String[] sides = part.split("=", 2);
        weights.put(sides[0], sides[1]);
      }
      to.put("weights", weights);
    }
    if (limit.leaseTerm() != null) {
      to.put("leased", DurationText.of(limit.leaseTerm()));
    }
    return to;
  }

  private static void window(Map<String, Object> to, Limit limit) {
    Window window = limit.window();
    if (window instanceof Window.Rolling rolling) {
      to.put("rolling", DurationText.of(rolling.length()));
    } else if (window instanceof Window.RollingMonths months) {
      to.put("rolling-months", months.months());
    } else if (window instanceof Window.Calendar calendar) {
      to.put("calendar", new CalendarText(calendar.count(), calendar.unit()));
      to.put("zone", calendar.zone());
      String text = calendar.toString();
      int start = text.indexOf(STARTING);
      if (start >= 0) {
        to.put("starting", text.substring(start + STARTING.length()));
      }
    } else if (window instanceof Window.Lifetime && !limit.isExemption()) {
      to.put("lifetime", true);
    }
  }

  private static void watches(Map<String, Object> to, Map<Dimension, Match> who) {
    Map<String, Object> tags = new LinkedHashMap<>();
    List<String> each = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    who.forEach(
        (dimension, match) -> {
          switch (match.kind()) {
            case EACH -> each.add(dimension.toString());
            case ABSENT -> absent.add(dimension.toString());
            default -> {
              String tag = dimension.tagName();
              if (tag == null) {
                to.put(dimension.toString(), value(match));
              } else {
                tags.put(tag, value(match));
              }
            }
          }
        });
    putIfAny(to, "tags", tags, tags.isEmpty());
    putIfAny(to, "each", each, each.isEmpty());
    putIfAny(to, "absent", absent, absent.isEmpty());
  }

  private static void putIfAny(Map<String, Object> to, String name, Object value, boolean none) {
    if (!none) {
      to.put(name, value);
    }
  }

  private static Object value(Match match) {
    String value = String.valueOf(match.value());
    if (match.kind() == Match.Kind.PREFIX) {
      return Map.of("prefix", value);
    }
    return value.endsWith("*") ? Map.of("is", value) : value;
  }

  private static void policies(Map<String, Object> to, Limit limit) {
    if (limit.outage().isOpen()) {
      to.put(
          "on-outage", LimitForm.OPEN + AmountText.of(limit.metric(), limit.outage().openAmount()));
    }
    UnpricedPolicy unpriced = limit.unpriced();
    if (unpriced.kind() == UnpricedPolicy.Kind.ADMIT) {
      to.put("unpriced", "admit");
    } else if (unpriced.kind() == UnpricedPolicy.Kind.CHARGE) {
      to.put("unpriced", AmountText.of(Metric.COST, unpriced.ceiling().nanos()));
    }
  }
}
