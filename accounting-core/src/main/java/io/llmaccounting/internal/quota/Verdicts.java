package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Explanation;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Says of every limit what it does about a call, and why. */
public final class Verdicts {
  private Verdicts() {}

  /** The verdicts on all limits of {@code index}, by name. */
  public static List<Explanation.Verdict> of(
      LimitIndex index,
      CallRequest call,
      List<Watch> watches,
      Function<CounterKey, Counter> counters) {
    List<StoredLimit> candidates =
        index.candidates(call.model(), call.provider(), call.attribution());
    List<Explanation.Verdict> verdicts = new ArrayList<>();
    for (StoredLimit stored : index.all()) {
      verdicts.add(verdict(stored, call, candidates, watches, counters));
    }
    verdicts.sort(Comparator.comparing(verdict -> verdict.limit().name()));
    return verdicts;
  }

  private static Explanation.Verdict verdict(
      StoredLimit stored,
      CallRequest call,
      List<StoredLimit> candidates,
      List<Watch> watches,
      Function<CounterKey, Counter> counters) {
    Limit limit = stored.limit();
    if (!candidates.contains(stored)) {
      return new Explanation.Verdict(
          limit, Explanation.Effect.DOES_NOT_WATCH, mismatch(limit, call));
    }
    if (limit.isExemption()) {
      return new Explanation.Verdict(
          limit, Explanation.Effect.EXEMPTS, "lifts wider limits on " + limit.metric());
    }
    for (Watch watch : watches) {
      if (watch.counter().limitId() == stored.id()) {
        LimitStatus status = Admission.status(watch, counters.apply(watch.counter()));
        return new Explanation.Verdict(limit, Explanation.Effect.APPLIES, standing(status));
      }
    }
    return new Explanation.Verdict(
        limit, Explanation.Effect.LIFTED, "lifted by " + liftedBy(limit, candidates));
  }

  private static String standing(LimitStatus status) {
    Metric metric = status.limit().metric();
    if (metric == Metric.CONCURRENT) {
      return "%d under way, left %d".formatted(status.held(), status.remaining().units());
    }
    return "used %s, held %s%s, left %s%s"
        .formatted(
            metric.format(status.used()),
            metric.format(status.held()),
            status.leased() == 0
                ? ""
                : " (of it %s leased by processes)".formatted(metric.format(status.leased())),
            metric.format(status.remaining().units()),
            status.isExact() ? "" : ", leaving in steps of " + status.grain());
  }

  private static String liftedBy(Limit limit, List<StoredLimit> candidates) {
    for (StoredLimit other : candidates) {
      if (other.limit().lifts(limit)) {
        return "exemption \"" + other.limit().name() + "\"";
      }
    }
    throw new IllegalStateException(limit + " neither applies nor is lifted");
  }

  private static String mismatch(Limit limit, CallRequest call) {
    for (Map.Entry<Dimension, Match> entry : limit.who().entrySet()) {
      String actual = entry.getKey().of(call.model(), call.provider(), call.attribution());
      if (!entry.getValue().matches(actual)) {
        return "watches %s %s, the call has %s"
            .formatted(entry.getKey(), entry.getValue(), actual == null ? "none" : actual);
      }
    }
    throw new IllegalStateException(limit + " watches the call but was not found");
  }
}
