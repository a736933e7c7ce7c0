package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;

/** Calls from begin to end, under one limit that watches all of them. */
final class LeasedCalls {
  private static final int MOST_BYTES = 100_000_000;
  private static final Cost COST = Cost.ofNanos(331_000);

  private LeasedCalls() {}

  /** One limit with room for all, leased or not. */
  static Limit everybody(boolean leased) {
    Limit limit = Limit.named("everybody").requests(Buckets.ROOM).rolling(Duration.ofHours(1));
    return leased ? limit.leased() : limit;
  }

  /** Records wait for their commit, and the limit is leased or not. */
  static LlmAccounting durable(Store.Place place, boolean leased) {
    return opened(LlmAccounting.builder(place.open()), leased);
  }

  /** Records wait in memory, and the limit is leased or not. */
  static LlmAccounting buffered(Store.Place place, boolean leased) {
    return opened(
        LlmAccounting.builder(place.open())
            .buffered(Buffering.DEFAULTS.mostBytes(MOST_BYTES))
            .timeout(Duration.ofMinutes(2)),
        leased);
  }

  private static LlmAccounting opened(LlmAccountingBuilder builder, boolean leased) {
    LlmAccounting accounting = builder.build();
    accounting.limits().save(everybody(leased));
    return accounting;
  }

  /** A call that takes no time. */
  static void make(LlmAccounting accounting, PlainRow call) {
    long[] numbers = call.numbers();
    make(
        accounting,
        QuotaBenchmark.request(call),
        new TokenUsage(numbers[1], numbers[2], 0, 0, 0, numbers[6], 0, 0, null),
        Cost.ofNanos(numbers[PlainRecords.COST]));
  }

  /** The same call over and over, so that little but the library is measured. */
  static void makeAnother(LlmAccounting accounting) {
    CallRequest request =
        CallRequest.to("gpt-5-mini")
            .provider("openai")
            .user("alice")
            .project("search")
            .inputTokens(800)
            .maxOutputTokens(500);
    make(accounting, request, TokenUsage.of(812, 64), COST);
  }

  /** The record that such a call leaves, made by hand. */
  static void trackAnother(LlmAccounting accounting) {
    accounting
        .track()
        .model("gpt-5-mini")
        .provider("openai")
        .user("alice")
        .project("search")
        .inputTokens(812)
        .outputTokens(64)
        .cost(COST)
        .record();
  }

  private static void make(
      LlmAccounting accounting, CallRequest request, TokenUsage tokens, Cost cost) {
    try (LlmCall call = accounting.begin(request)) {
      call.succeeded(tokens, cost);
    }
  }
}
