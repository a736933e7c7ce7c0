package io.llmaccounting.acceptance;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.function.Supplier;

/** What applications do with an accounting, from the first opening of a store to its closing. */
public final class WholeLife {
  private static final CallRequest REQUEST =
      CallRequest.to("gpt-5-mini").user("alice").inputTokens(10).maxOutputTokens(20);

  private WholeLife() {}

  /** Lives it twice on what {@code opener} opens; fails unless everything went as it should. */
  public static void on(Supplier<? extends UsageBackend> opener) {
    try (LlmAccounting accounting = LlmAccounting.create(opener.get())) {
      accounting.directory().addUser("alice");
      accounting.limits().save(Limit.named("few").requests(2).rolling(Duration.ofHours(1)));
      try (LlmCall call = accounting.begin(REQUEST)) {
        call.succeeded(TokenUsage.of(10, 20));
      }
      Reservation reserved = accounting.quotas().reserve(REQUEST);
      require(isDenied(accounting), "a third call is denied");
      reserved.hold().orElseThrow().settle(TokenUsage.of(10, 20));
    }
    try (LlmAccounting again = LlmAccounting.create(opener.get())) {
      again.track().model("gpt-5-mini").inputTokens(10).record();
      long calls = again.report(TimeRange.last(Duration.ofHours(1))).run().total().calls();
      require(calls == 3, "three calls are reported");
      require(again.admin().verify().isClean(), "the books are right");
    }
  }

  private static boolean isDenied(LlmAccounting accounting) {
    try (LlmCall call = accounting.begin(REQUEST)) {
      call.failed(new IllegalStateException("should not have been let through"));
      return false;
    } catch (QuotaExceededException e) {
      return true;
    }
  }

  private static void require(boolean truth, String what) {
    if (!truth) {
      throw new IllegalStateException("not so: " + what);
    }
  }
}
