package io.llmaccounting.postgres;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.testing.postgres.PostgresServer;
import java.io.IOException;
import java.time.Duration;

/** Applies a set of limits when told to, and prints how many of them it has made. */
final class ApplyingMain {
  private static final int LIMITS = 20;

  private ApplyingMain() {}

  static LimitSet set() {
    Limit[] limits = new Limit[LIMITS];
    for (int i = 0; i < LIMITS; i++) {
      limits[i] = Limit.named("limit " + i).eachUser().requests(5).rolling(Duration.ofHours(1));
    }
    return LimitSet.of("code", limits);
  }

  public static void main(String[] arguments) throws IOException {
    PostgresServer server = new PostgresServer(arguments[0], arguments[1], arguments[2]);
    System.out.println("ready");
    if (System.in.read() < 0) {
      throw new IOException("nobody gave the start");
    }
    PostgresSettings settings = PostgresSettings.defaults().schema(arguments[3]).poolSize(4);
    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      System.out.println(accounting.limits().apply(set()).created().size());
    }
  }
}
