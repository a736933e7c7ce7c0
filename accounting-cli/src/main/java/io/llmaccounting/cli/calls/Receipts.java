package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.limits.Amounts;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Receipt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints the answer when a call was recorded. */
final class Receipts {
  private static final List<Column> COLUMNS =
      List.of(
          Column.id("id"), Column.text("status"), Column.amount("cost"), Column.map("remaining"));

  private Receipts() {}

  static void print(Run run, Receipt receipt) {
    Map<String, Object> remaining = new LinkedHashMap<>();
    for (LimitStatus status : receipt.remaining()) {
      if (!status.limit().isExemption()) {
        remaining.put(Amounts.counter(status), Amounts.left(status));
      }
    }
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(receipt.id(), receipt.status(), receipt.cost().orElse(null), remaining);
    }
  }
}
