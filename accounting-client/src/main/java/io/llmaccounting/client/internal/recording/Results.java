package io.llmaccounting.client.internal.recording;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the server says of one record. */
final class Results {
  /** How often a record is sent that makes the server fail: it may be the record's fault. */
  private static final int MOST_INTERNAL = 5;

  private Results() {}

  /**
   * What became of a record.
   *
   * @param receipt of one that the server has, else null
   * @param refusal why it is refused, else null
   * @param mostTries how often it is worth trying in all
   */
  record Result(@Nullable Receipt receipt, @Nullable RuntimeException refusal, int mostTries) {
    Receipt taken() {
      return Objects.requireNonNull(receipt, "it was taken");
    }

    RuntimeException refused() {
      return Objects.requireNonNull(refusal, "it was refused");
    }
  }

  static Result of(JsonFields fields, Usage usage) {
    String status = fields.text("status");
    if (status.equals("refused") || status.equals("not-recorded")) {
      JsonFields problem = fields.optionalObject("problem");
      String code = problem == null ? null : problem.optionalText("code");
      String detail = problem == null ? null : problem.optionalText("detail");
      return refused(usage, code, detail == null ? "it was not recorded" : detail);
    }
    return new Result(receipt(fields, status), null, 1);
  }

  private static Receipt receipt(JsonFields fields, String status) {
    BigDecimal cost = fields.optionalDecimal("cost");
    return new Receipt(
        fields.id("id"), cost == null ? null : Cost.usd(cost), status(status), List.of());
  }

  // a status of a newer server says at least that it has the record
  private static Receipt.Status status(String word) {
    try {
      return Receipt.Status.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      return Receipt.Status.RECORDED;
    }
  }

  /** A refusal with the server's word for it. */
  static Result refused(Usage usage, @Nullable String code, String detail) {
    return switch (code == null ? "" : code) {
      case "conflict" -> new Result(null, new UsageConflictException(detail, usage), 1);
      case "invalid-request", "other-project" ->
          new Result(null, new IllegalArgumentException(detail), 1);
      default ->
          new Result(
              null,
              new BackendException(
                  BackendException.Kind.REJECTED,
                  "the server did not record call %s: %s".formatted(usage.id(), detail)),
              "internal".equals(code) ? MOST_INTERNAL : Integer.MAX_VALUE);
    };
  }
}
