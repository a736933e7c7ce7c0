package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testing.postgres.EmbeddedServer;
import io.llmaccounting.testing.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ledgers that are never all idle at once: whoever changes a limit must get its turn all the same.
 */
class LimitSaveUnderLoadIT {
  private static final int INSTANCES = 4;
  private static final int THREADS = 12 * INSTANCES;
  private static final int SAVES = 5;

  // Durable, because commits that take their time overlap.
  @Test
  @Timeout(45)
  void isNotStarved() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.durable();
        TestSchema schema = TestSchema.create(PostgresServer.of(server))) {
      saveUnderLoad(schema);
    }
  }

  private static void saveUnderLoad(TestSchema schema) throws Exception {
    List<LlmAccounting> instances = new ArrayList<>();
    for (int i = 0; i < INSTANCES; i++) {
      instances.add(LlmAccounting.create(schema.open()));
    }
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        LlmAccounting accounting = instances.get(i % INSTANCES);
        running.add(threads.submit(() -> track(accounting, stop)));
      }
      for (int save = 1; save <= SAVES; save++) {
        instances.get(0).limits().save(Limit.named("all").requests(1_000_000L * save).lifetime());
      }
      stop.set(true);
      for (Future<?> one : running) {
        one.get();
      }

      assertThat(instances.get(0).admin().verify().differences()).isEmpty();
    } finally {
      stop.set(true);
      threads.shutdownNow();
      instances.forEach(LlmAccounting::close);
    }
  }

  private static void track(LlmAccounting accounting, AtomicBoolean stop) {
    while (!stop.get()) {
      accounting.track().model("gpt-5-mini").inputTokens(1).outputTokens(1).record();
    }
  }
}
