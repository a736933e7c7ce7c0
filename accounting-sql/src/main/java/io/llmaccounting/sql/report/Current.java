package io.llmaccounting.sql.report;

import static io.llmaccounting.sql.UsageAdjustmentTable.USAGE_ADJUSTMENT;
import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;

import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.impl.DSL;

/** Figures of records as they count now: better ones never leave open what was known before. */
final class Current {
  static final Field<Long> UNCACHED_INPUT =
      DSL.coalesce(USAGE_ADJUSTMENT.uncachedInput, USAGE_EVENT.uncachedInput);
  static final Field<Long> CACHE_READ =
      DSL.coalesce(USAGE_ADJUSTMENT.cacheRead, USAGE_EVENT.cacheRead);
  static final Field<Long> CACHE_WRITE_5M =
      DSL.coalesce(USAGE_ADJUSTMENT.cacheWrite5m, USAGE_EVENT.cacheWrite5m);
  static final Field<Long> CACHE_WRITE_1H =
      DSL.coalesce(USAGE_ADJUSTMENT.cacheWrite1h, USAGE_EVENT.cacheWrite1h);
  static final Field<Long> AUDIO_INPUT =
      DSL.coalesce(USAGE_ADJUSTMENT.audioInput, USAGE_EVENT.audioInput);
  static final Field<Long> TEXT_OUTPUT =
      DSL.coalesce(USAGE_ADJUSTMENT.textOutput, USAGE_EVENT.textOutput);
  static final Field<Long> REASONING =
      DSL.coalesce(USAGE_ADJUSTMENT.reasoning, USAGE_EVENT.reasoning);
  static final Field<Long> AUDIO_OUTPUT =
      DSL.coalesce(USAGE_ADJUSTMENT.audioOutput, USAGE_EVENT.audioOutput);
  static final Field<String> SOURCE = DSL.coalesce(USAGE_ADJUSTMENT.source, USAGE_EVENT.source);
  static final Field<String> OUTCOME = DSL.coalesce(USAGE_ADJUSTMENT.outcome, USAGE_EVENT.outcome);

  private Current() {}
}
