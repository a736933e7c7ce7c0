package io.llmaccounting.json.limits;

import io.llmaccounting.json.AmountText;
import io.llmaccounting.json.DurationText;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.limit.Window;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one limit of a file. Stateless. */
final class LimitForm {
  /** What allows any amount. */
  static final String UNLIMITED = "unlimited";

  /** What lets calls through while the store is away, followed by an amount. */
  static final String OPEN = "open:";

  private LimitForm() {}

  /** A limit; null where something is wrong, which is noted. */
  static @Nullable Limit read(NodeFields from, ZoneId zone) {
    requireAll(from);
    String name = from.text("name");
    Metric metric = from.word("metric", Metric.class);
    // what amounts mean cannot be told without a metric, and is said once that is right
    Metric counted = metric == null ? Metric.REQUESTS : metric;
    Long max = metric == null ? null : from.parsed("max", text -> maximum(counted, text));
    Window window = WindowForm.read(from, zone, counted, max != null && max == Limit.UNLIMITED);
    Map<Dimension, Match> who = WatchForm.read(from);
    LimitAction action = from.word("action", LimitAction.class);
    List<Integer> alerts = from.items("alerts", LimitForm::percent);
    OutagePolicy outage =
        from.parsed("on-outage", OutagePolicy.FAIL_CLOSED, text -> outage(counted, text));
    UnpricedPolicy unpriced = from.parsed("unpriced", UnpricedPolicy.DENY, LimitForm::unpriced);
    Duration grain = from.parsed("grain", DurationText::parse);
    TokenWeights weights = weights(from);
    Duration leased = from.parsed("leased", LimitForm::leased);
    from.requireNoOthers();
    if (!from.isGood() || name == null || max == null || window == null) {
      return null;
    }
    try {
      return new Limit(
          name,
          who,
          counted,
          max,
          window,
          action == null ? LimitAction.DENY : action,
          new TreeSet<>(alerts),
          outage,
          unpriced,
          grain,
          weights,
          leased == null || leased.isZero() ? null : leased);
    } catch (IllegalArgumentException e) {
      from.wrong(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static void requireAll(NodeFields from) {
    from.require("name", "it is unique among all limits");
    from.require("metric", "what the limit measures");
    from.require("max", "how much is allowed, or unlimited");
  }

  private static long maximum(Metric metric, String text) {
    return text.equals(UNLIMITED) ? Limit.UNLIMITED : AmountText.parse("max", metric, text);
  }

  private static Integer percent(String text) {
    String digits = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
    try {
      return Integer.valueOf(digits.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be whole percents such as 80 or 80%", e);
    }
  }

  private static OutagePolicy outage(Metric metric, String text) {
    if (text.equals("closed")) {
      return OutagePolicy.FAIL_CLOSED;
    }
    if (!text.startsWith(OPEN)) {
      throw new IllegalArgumentException("must be closed, or open:AMOUNT");
    }
    return OutagePolicy.failOpen(
        AmountText.parse("on-outage", metric, text.substring(OPEN.length()).strip()));
  }

  private static UnpricedPolicy unpriced(String text) {
    if (text.equals("deny")) {
      return UnpricedPolicy.DENY;
    }
    if (text.equals("admit")) {
      return UnpricedPolicy.ADMIT;
    }
    try {
      return UnpricedPolicy.charge(Cost.ofNanos(AmountText.parse("unpriced", Metric.COST, text)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be deny, admit or US dollars above zero such as 0.05", e);
    }
  }

  // no duration of a lease is zero, so that zero says that there is none
  private static Duration leased(String text) {
    return switch (text) {
      case "true" -> Limit.DEFAULT_LEASE_TERM;
      case "false" -> Duration.ZERO;
      default -> {
        Duration term = DurationText.parse(text);
        if (term.isZero()) {
          throw new IllegalArgumentException("must be true, false or a duration above zero");
        }
        yield term;
      }
    };
  }

  private static @Nullable TokenWeights weights(NodeFields from) {
    Map<String, String> named = from.texts("weights");
    if (named.isEmpty()) {
      return null;
    }
    String text =
        named.entrySet().stream()
            .map(one -> one.getKey() + "=" + one.getValue())
            .collect(Collectors.joining(","));
    try {
      return TokenWeights.parse(text);
    } catch (IllegalArgumentException e) {
      from.wrong(String.valueOf(e.getMessage()));
      return null;
    }
  }
}
