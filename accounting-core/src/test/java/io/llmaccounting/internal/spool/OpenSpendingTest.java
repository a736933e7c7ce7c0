package io.llmaccounting.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.health.Ticker;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.testkit.InMemorySpool;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OpenSpendingTest {
  private static final Limit DAY =
      Limit.named("day").requests(1_000).lifetime().onOutage(OutagePolicy.failOpen(3));
  private static final OpenLimit OPEN = new OpenLimit("day", "");

  private final ManualClock clock = ManualClock.create();
  private final Breaker breaker =
      new Breaker(clock, Ticker.SYSTEM, () -> 0, Duration.ofMinutes(1), change -> {});
  private final InMemorySpool spool = InMemorySpool.create(clock);
  private final SpoolWriter writer =
      new SpoolWriter(spool, Duration.ofMinutes(1), new Meters(clock), Ticker.SYSTEM, error -> {});
  private final OpenSpending spending = new OpenSpending(spool, writer, breaker, clock);

  @AfterEach
  void close() {
    writer.close(Duration.ofMinutes(1));
  }

  @Test
  @DisplayName("an empty spool at the start says nothing of the store: faults H9")
  void beforeTheStoreHasAnsweredNothingStartsAnew() {
    spool.append(List.of(), Map.of(OPEN, 3L));

    spending.drained();

    assertThat(spool.openAmounts().sums()).isEqualTo(Map.of(OPEN, 3L));
    assertThat(take()).containsExactly(DAY);
  }

  @Test
  @DisplayName("nor does it after a failure that opens no breaker: faults H9")
  void afterAFailureNothingStartsAnewUntilTheStoreAnswers() {
    breaker.worked();
    breaker.failed(new BackendException(BackendException.Kind.UNAVAILABLE, "it hangs"));
    spool.append(List.of(), Map.of(OPEN, 3L));

    spending.drained();
    assertThat(take()).containsExactly(DAY);

    breaker.worked();
    spending.drained();
    assertThat(take()).isEmpty();
  }

  @Test
  @DisplayName("what was lost counts as spent until the store answers: faults H9")
  void lostAmountsCountAsSpentUntilTheStoreAnswers() {
    spool.loseOpenAmounts();

    spending.drained();
    assertThat(spool.openAmounts().complete()).isFalse();
    assertThat(take()).containsExactly(DAY);

    breaker.worked();
    spending.drained();
    assertThat(spool.openAmounts().complete()).isTrue();
    assertThat(take()).isEmpty();
  }

  private List<Limit> take() {
    return spending.take(
        UUID.randomUUID(),
        List.of(new OpenSpending.Part(DAY, 1)),
        clock.instant().plus(Duration.ofMinutes(5)));
  }
}
