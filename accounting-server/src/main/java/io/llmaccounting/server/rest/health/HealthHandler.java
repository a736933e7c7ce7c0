package io.llmaccounting.server.rest.health;

import io.llmaccounting.health.Health;
import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How the server fares. */
public final class HealthHandler implements Handler {
  @Override
  public CompletionStage<Answer> answer(Asked asked) {
    Health health = asked.reach().health();
    boolean confined = asked.reach().isConfined();
    return CompletableFuture.completedFuture(
        Answer.ok(
            to -> {
              to.text("status", health.isWell() ? "well" : "impaired")
                  .time("at", health.at())
                  .word("store", health.store().breaker());
              if (!confined) {
                write(to, health);
              }
            }));
  }

  private static void write(JsonWriter to, Health health) throws IOException {
    Health.Counts counts = health.counts();
    to.beginObject("waiting")
        .number("in_memory", health.buffer().records())
        .number("in_spool", health.spool().records())
        .number("dead_letters", health.spool().deadLetters())
        .endObject();
    to.beginObject("counts")
        .number("recorded", counts.recorded())
        .number("duplicates", counts.duplicates())
        .number("conflicts", counts.conflicts())
        .number("denied", counts.denied())
        .number("unpriced", counts.unpriced())
        .number("lost", counts.lost())
        .number("contained", counts.contained())
        .endObject();
  }
}
