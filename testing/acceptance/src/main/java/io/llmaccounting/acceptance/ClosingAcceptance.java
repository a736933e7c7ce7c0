package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** faults B7, G10: what a chore has begun when the accounting is closed is done, or told. */
@Timeout(60)
public class ClosingAcceptance extends OutageTest {
  private static final CallRequest REQUEST = CallRequest.to("m").user("alice");
  private static final int DENIALS = 1_000;

  private LlmAccounting denying() {
    save(Limit.named("none").requests(0).lifetime());
    LlmAccounting accounting =
        fragile(
            builder ->
                builder
                    .rememberDenials(Duration.ofMillis(5))
                    .continueOnError(handled::add)
                    // nothing of the application's is needed
                    .executor(task -> {})
                    .closeTimeout(Duration.ofSeconds(2)));
    return accounting;
  }

  // the chore has taken them, and its transaction waits for the latch
  private void denyWhileAChoreCounts(LlmAccounting accounting, CountDownLatch answer) {
    for (int i = 0; i < DENIALS; i++) {
      assertThat(accounting.quotas().reserve(REQUEST).decision()).isDenied();
    }
    int before = store().transactions();
    store().pause(answer);
    eventually("a chore counts them", () -> store().transactions() > before);
  }

  private long counted() {
    return backend().ledger().denials(TimeRange.always()).stream()
        .mapToLong(DenialCount::count)
        .sum();
  }

  @Test
  @DisplayName("faults B7: denials that a chore counts while it closes are waited for")
  final void denialsThatAreBeingCountedAreWaitedFor() {
    LlmAccounting accounting = denying();
    CountDownLatch answer = new CountDownLatch(1);
    denyWhileAChoreCounts(accounting, answer);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(accounting::close);
    answer.countDown();

    closed.join();

    assertThat(counted()).isEqualTo(DENIALS);
    assertThat(handled).isEmpty();
  }

  @Test
  @DisplayName("faults G10: denials whose count gets no answer while it closes are told")
  final void denialsWhoseCountGetsNoAnswerAreTold() {
    LlmAccounting accounting = denying();
    CountDownLatch answer = new CountDownLatch(1);
    denyWhileAChoreCounts(accounting, answer);

    accounting.close();

    assertThat(handled)
        .extracting(Throwable::getMessage)
        .anyMatch(told -> told.contains("from memory were not counted in the store"));
    assertThat(accounting.health().failure()).isPresent();
    answer.countDown();
    eventually("the ledger's thread has ended", () -> counted() == DENIALS);
  }
}
