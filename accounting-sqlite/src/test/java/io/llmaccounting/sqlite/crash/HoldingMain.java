package io.llmaccounting.sqlite.crash;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Holds room for a call, prints the hold's id, and waits to be killed. */
final class HoldingMain {
  private HoldingMain() {}

  public static void main(String[] arguments) throws IOException {
    InstantSource clock = InstantSource.fixed(Instant.parse(arguments[1]));
    try (LlmAccounting accounting =
        LlmAccounting.builder(
                SqliteBackend.open(Path.of(arguments[0]), SqliteSettings.defaults().clock(clock)))
            .clock(clock)
            .build()) {
      System.out.println(
          accounting
              .quotas()
              .reserve(CallRequest.to("gpt-5-mini").user("alice").holdFor(Duration.ofMinutes(10)))
              .hold()
              .orElseThrow()
              .id());
      if (System.in.read() >= 0) {
        throw new IOException("should have been killed");
      }
    }
  }
}
