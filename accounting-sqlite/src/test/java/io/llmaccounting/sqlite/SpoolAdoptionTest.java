package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.SpooledCall;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** faults C5. */
class SpoolAdoptionTest {
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final int LEFT = 5_000;

  @TempDir Path folder;

  private static SpooledCall call() {
    return new SpooledCall(aCall().at(NOW).usage(), false, true, NOW);
  }

  @Test
  @DisplayName("faults C5: a spool that takes over a large file goes on taking calls")
  void callsAreTakenWhileALargeFileIsTakenOver() {
    try (SqliteSpool spool = SqliteSpool.at(folder)) {
      try (SqliteSpool dying = SqliteSpool.at(folder)) {
        List<SpooledCall> calls = new ArrayList<>();
        for (int i = 0; i < LEFT; i++) {
          calls.add(call());
        }
        dying.append(calls, Map.of());
      }

      // a page that is full of own calls would take nothing over
      CompletableFuture<Integer> takingOver =
          CompletableFuture.supplyAsync(() -> spool.read(0, LEFT).size());
      int between = 0;
      while (!takingOver.isDone()) {
        spool.append(List.of(call()), Map.of());
        between++;
      }

      // one would be the one that waited to the end
      assertThat(between).isGreaterThan(3);
      assertThat(takingOver.join()).isPositive();
      assertThat(spool.state().waiting()).isEqualTo(LEFT + between);
    }
  }
}
