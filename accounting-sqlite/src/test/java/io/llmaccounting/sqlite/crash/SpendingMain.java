package io.llmaccounting.sqlite.crash;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Tries so many calls for a user and prints how many were admitted. Told to keep them, it ends none
 * and is gone without closing anything.
 */
final class SpendingMain {
  private SpendingMain() {}

  public static void main(String[] arguments) throws IOException {
    int attempts = Integer.parseInt(arguments[2]);
    boolean keeps = arguments.length > 3;
    int admitted = 0;
    try (LlmAccounting accounting =
        LlmAccounting.create(SqliteBackend.open(Path.of(arguments[0])))) {
      System.out.println("ready");
      if (System.in.read() < 0) {
        throw new IOException("nobody gave the start");
      }
      CallRequest request =
          CallRequest.to("gpt-5-mini")
              .user(arguments[1])
              .inputTokens(10)
              .maxOutputTokens(10)
              .cost(Cost.usd("0.10"));
      for (int i = 0; keeps && i < attempts; i++) {
        admitted += accounting.quotas().reserve(request).hold().isPresent() ? 1 : 0;
      }
      if (keeps) {
        System.out.println(admitted);
        System.out.flush();
        Runtime.getRuntime().halt(0);
      }
      for (int i = 0; i < attempts; i++) {
        try (LlmCall call = accounting.begin(request)) {
          call.succeeded(TokenUsage.of(10, 10), Cost.usd("0.10"));
          admitted++;
        } catch (QuotaExceededException e) {
          // counted by what was not admitted
        }
      }
    }
    System.out.println(admitted);
  }
}
