package io.llmaccounting.json;

import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageHistory;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes and reads what became known of a call later: the last adjustment in fields of the call's
 * line, with its time in {@code adjusted_at}, and those before it as objects in {@code earlier}.
 */
final class AdjustmentLines {
  /** The fields that hold adjustments. */
  static final List<String> FIELDS =
      List.of(
          "corrected_cost",
          "corrected_by",
          "corrected_lower_bound",
          "better",
          "adjusted_at",
          "earlier");

  private AdjustmentLines() {}

  static void write(JsonWriter to, List<UsageAdjustment> adjustments) throws IOException {
    if (adjustments.isEmpty()) {
      return;
    }
    int last = adjustments.size() - 1;
    write(to, adjustments.get(last));
    to.time("adjusted_at", adjustments.get(last).at());
    if (last > 0) {
      to.beginList("earlier");
      for (UsageAdjustment earlier : adjustments.subList(0, last)) {
        to.beginObject().time("at", earlier.at());
        write(to, earlier);
        to.endObject();
      }
      to.endList();
    }
  }

  private static void write(JsonWriter to, UsageAdjustment adjustment) throws IOException {
    PricedCost corrected = adjustment.correctedCost();
    to.text("corrected_cost", corrected == null ? null : UsageLine.dollars(corrected.cost()))
        .text("corrected_by", corrected == null ? null : corrected.pricedBy())
        .flagIfSet("corrected_lower_bound", corrected != null && corrected.lowerBound());
    FiguresLine.write(to, adjustment.figures());
  }

  /** A line without {@code adjusted_at} is an old one: its history is the last correction only. */
  static UsageHistory read(JsonFields line, RecordedUsage recorded) {
    List<UsageAdjustment> adjustments = new ArrayList<>();
    for (JsonFields earlier : line.objects("earlier")) {
      adjustments.add(adjustment(earlier, earlier.instant("at")));
      earlier.requireNoOthers();
    }
    Instant at = line.optionalInstant("adjusted_at");
    boolean adjusted = at != null || line.has("corrected_cost") || line.has("better");
    if (adjusted || !adjustments.isEmpty()) {
      adjustments.add(
          adjustment(
              line,
              at != null || !adjustments.isEmpty()
                  ? line.instant("adjusted_at")
                  : recorded.settledAt()));
    }
    return new UsageHistory(recorded, adjustments);
  }

  private static UsageAdjustment adjustment(JsonFields from, Instant at) {
    PricedCost corrected =
        UsageLine.priced(from, "corrected_cost", "corrected_by", "corrected_lower_bound");
    CallFigures better = FiguresLine.read(from);
    if (corrected == null && better == null) {
      throw new IllegalArgumentException(
          "what became known later must be corrected_cost or better, both were absent");
    }
    return new UsageAdjustment(at, better, corrected);
  }
}
