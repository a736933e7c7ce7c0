package io.llmaccounting.sqlite.crash;

import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.sqlite.SqliteSpool;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Appends calls to a spool in four threads without end, and prints each id once it is kept. */
final class SpoolingMain {
  private static final int THREADS = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SpoolingMain() {}

  public static void main(String[] arguments) {
    SqliteSpool spool = SqliteSpool.at(Path.of(arguments[0]));
    for (int i = 0; i < THREADS; i++) {
      String user = "user-" + i;
      new Thread(() -> append(spool, user)).start();
    }
  }

  private static void append(SqliteSpool spool, String user) {
    Map<OpenLimit, Long> opened = Map.of(new OpenLimit("requests", ""), 1L);
    while (true) {
      SpooledCall call = call(user);
      spool.append(List.of(call), opened);
      System.out.println(call.usage().id().toString());
    }
  }

  static SpooledCall call(String user) {
    Instant now = InstantSource.system().instant();
    Usage usage =
        new UsageBuilder(now, at -> UsageId.create(at, RANDOM))
            .model("gpt-5-mini")
            .user(user)
            .tokens(TokenUsage.of(100, 20))
            .build();
    return new SpooledCall(usage, false, false, now);
  }
}
