package io.llmaccounting.rules;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.nio.file.Path;
import java.time.Duration;

/** Uses the library for everything that an application does, and says nothing itself. */
final class QuietProgram {
  /** What it ends with where a call was denied as it should be. */
  static final int DENIED = 42;

  private QuietProgram() {}

  /** Uses the file that is named by the first argument. */
  public static void main(String[] args) {
    CallRequest request = CallRequest.to("gpt-5-mini").user("alice").inputTokens(10);
    boolean denied = false;
    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(Path.of(args[0])))) {
      accounting.directory().addUser("alice");
      accounting.limits().save(Limit.named("one").requests(1).rolling(Duration.ofHours(1)));
      try (LlmCall call = accounting.begin(request)) {
        call.succeeded(TokenUsage.of(10, 20));
      }
      accounting.begin(request).close();
    } catch (QuotaExceededException e) {
      denied = true;
    }
    try (LlmAccounting again = LlmAccounting.create(SqliteBackend.open(Path.of(args[0])))) {
      again.track().model("gpt-5-mini").inputTokens(10).record();
      long calls = again.report(TimeRange.last(Duration.ofHours(1))).run().total().calls();
      boolean right = denied && calls == 2 && again.admin().verify().isClean();
      System.exit(right ? DENIED : 1);
    }
  }
}
