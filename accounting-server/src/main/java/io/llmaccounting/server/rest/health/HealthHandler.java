package io.llmaccounting.server.rest.health;

import io.llmaccounting.backend.SinkState;
import io.llmaccounting.health.Health;
import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.server.sinks.SinkStatus;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** How the server fares. */
public final class HealthHandler implements Handler {
  private final Supplier<List<SinkStatus>> sinks;

  /**
   * @param sinks how sinks stand; may not block
   */
  public HealthHandler(Supplier<List<SinkStatus>> sinks) {
    this.sinks = sinks;
  }

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
                write(to, sinks.get());
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

  private static void write(JsonWriter to, List<SinkStatus> sinks) throws IOException {
    to.beginList("sinks");
    for (SinkStatus sink : sinks) {
      to.beginObject()
          .text("name", sink.name())
          .text("status", sink.isFailing() ? "failing" : "well")
          .flag("here", sink.progress().holding());
      SinkState state = sink.state();
      if (state != null) {
        to.number("waiting", state.waiting())
            .seconds("lag", sink.lag())
            .number("dead_letters", state.refused())
            .number("delivered", state.delivered())
            .time("delivered_at", state.deliveredAt());
      }
      to.text("error", sink.error()).endObject();
    }
    to.endList();
  }
}
