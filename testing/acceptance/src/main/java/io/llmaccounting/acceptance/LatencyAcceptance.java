package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is measured of a call begins once it was let in: the model was not asked before. */
@Tag("engine")
@Timeout(60)
public class LatencyAcceptance extends OutageTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").inputTokens(100).maxOutputTokens(100);

  private void answered(Function<LlmAccounting, CompletableFuture<LlmCall>> beginning) {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    LlmAccounting accounting = fragile(builder -> builder.timeout(Duration.ofSeconds(60)));
    closing(accounting);
    accounting.quotas().check(REQUEST);
    CountDownLatch decided = new CountDownLatch(1);
    store().pause(decided);
    int before = store().transactions();
    Instant asked = clock.instant();
    CompletableFuture<LlmCall> begun = beginning.apply(accounting);
    eventually("the store is asked", () -> store().transactions() > before);
    clock.advance(ofSeconds(5));
    decided.countDown();

    LlmCall call = begun.join();
    clock.advance(ofMillis(30));
    call.firstToken();
    clock.advance(ofMillis(70));
    call.succeeded(TokenUsage.of(10, 10));

    Usage usage = stored(call.id()).usage();
    assertThat(usage.details().timeToFirstToken()).isEqualTo(ofMillis(30));
    assertThat(usage.details().latency()).isEqualTo(ofMillis(100));
    assertThat(usage.occurredAt()).isEqualTo(asked);
  }

  @Test
  final void leavesOutTheWaitForTheDecision() {
    answered(accounting -> CompletableFuture.supplyAsync(() -> accounting.begin(REQUEST)));
  }

  @Test
  final void leavesOutTheWaitOfWhoDoesNotWaitForTheDecision() {
    answered(accounting -> accounting.beginAsync(REQUEST).toCompletableFuture());
  }
}
