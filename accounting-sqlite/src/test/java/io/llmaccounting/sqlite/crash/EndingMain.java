package io.llmaccounting.sqlite.crash;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.sqlite.SqliteBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Records calls into memory and ends in a way that its arguments say, without closing. */
final class EndingMain {
  static final int CALLS = 10_500;

  private EndingMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    LlmAccountingBuilder settings =
        LlmAccounting.builder(SqliteBackend.open(Path.of(arguments[0])))
            // the last 500 are stored neither by size nor by age
            .buffered(Buffering.DEFAULTS.flushAt(1_000, Duration.ofMinutes(1)));
    LlmAccounting accounting =
        (arguments[1].endsWith("unhooked") ? settings.withoutShutdownHook() : settings).build();
    for (int i = 0; i < CALLS; i++) {
      accounting.track().model("m").inputTokens(1).outputTokens(1).record();
    }
    System.out.println("recorded");
    switch (arguments[1]) {
      case "exit", "exit unhooked" -> System.exit(0);
      case "closing hook" -> {
        Runtime.getRuntime().addShutdownHook(new Thread(accounting::close));
        System.exit(0);
      }
      case "signal" -> new CountDownLatch(1).await();
      default -> {
        // main returns
      }
    }
  }
}
