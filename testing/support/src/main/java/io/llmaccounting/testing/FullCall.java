package io.llmaccounting.testing;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A call of which everything is known, and what a store made of it. */
public final class FullCall {
  /** When it was made. */
  public static final Instant AT = Instant.parse("2026-03-02T08:59:59.123456Z");

  private static final PricedCost PRICE =
      new PricedCost(Cost.usd("0.04"), "openai/gpt-5-mini/2025", true);

  private FullCall() {}

  /** The call, with a value in each component. */
  public static Usage usage() {
    return new Usage(
        UsageId.create(AT, new Random(1)),
        "key-1",
        AT,
        "gpt-5-mini",
        "gpt-5-mini-2025-08-07",
        "openai",
        "chat",
        new TokenUsage(10, 20, 30, 40, 50, 60, 70, 80, 360L),
        TokenSource.REPORTED,
        11L,
        12L,
        Map.of("web_search", 3L),
        List.of(part()),
        Cost.usd("0.0379055"),
        Cost.usd("0.041"),
        PRICE,
        ReportedCostPolicy.PREFER_COMPUTED,
        Outcome.FAILED,
        details(),
        new Attribution("search", "alice", "ranker", "s1", Map.of("team", "blue")));
  }

  private static CallPart part() {
    TokenUsage tokens = new TokenUsage(1, 2, 3, 4, 5, 6, 7, 8, 36L);
    return new CallPart("advisor", "gpt-5", "openai", tokens, PRICE);
  }

  private static CallDetails details() {
    return new CallDetails(
        Duration.ofMillis(640),
        Duration.ofMillis(120),
        true,
        "stop",
        "chatcmpl-1",
        3,
        "RateLimitError",
        "429: slow down",
        "flex",
        "fast",
        true,
        "eu-west-1",
        "{\"total_tokens\": 361}",
        new RequestSettings(512L, 0.7, 0.95, 4L, "OpenAI/Python 1.52.0"));
  }

  /** The call as a store keeps it that has never corrected it. */
  public static RecordedUsage recorded() {
    return new RecordedUsage(usage(), AT.plusSeconds(1), AT.plusSeconds(2), true, null);
  }

  /** A correction of it, with a value in each component. */
  public static UsageAdjustment adjustment() {
    return new UsageAdjustment(AT.plusSeconds(3), CallFigures.of(usage()), PRICE);
  }

  /** All that a store may know of a call, each different in one component from the first. */
  public static List<OneChanged<UsageHistory>> histories() {
    RecordedUsage recorded = recorded();
    List<OneChanged<UsageHistory>> all = new ArrayList<>();
    for (OneChanged<Usage> one : OneChanged.of(usage())) {
      all.add(history(one, OneChanged.with(recorded, "usage", one.value()), List.of()));
    }
    // what is corrected is told by the corrections
    RecordedUsage corrected = recorded.adjusted(adjustment());
    for (OneChanged<RecordedUsage> one : OneChanged.of(corrected)) {
      if (!one.component().matches("(usage|adjustment|figures)\\..*")) {
        all.add(history(one, one.value(), List.of(adjustment())));
      }
    }
    for (OneChanged<UsageAdjustment> one : OneChanged.of(adjustment())) {
      all.add(history(one, recorded, List.of(one.value())));
    }
    return all;
  }

  private static OneChanged<UsageHistory> history(
      OneChanged<?> one, RecordedUsage record, List<UsageAdjustment> adjustments) {
    return new OneChanged<>(one.component(), new UsageHistory(record, adjustments), one.longer());
  }
}
