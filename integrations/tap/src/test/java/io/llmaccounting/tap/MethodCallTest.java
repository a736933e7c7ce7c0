package io.llmaccounting.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A method that is run once there is room, by whoever did not wait for that. */
class MethodCallTest extends MethodScene {
  private MethodCall begun() {
    return metered.beginAsync(CALL).join();
  }

  private static void giveUp(MethodCall call) {
    Exchange.await(call.giveUp());
  }

  @Test
  void aMethodThatIsRunLaterIsACallOfWhoeverAskedForRoom() {
    CompletableFuture<MethodCall> admission;
    try (CallContext.Scope scope = CallContext.of(Attribution.NONE.withProject("search")).open()) {
      admission = metered.beginAsync(CALL);
    }

    Object returned =
        admission
            .join()
            .run(
                Object.class,
                () -> {
                  client(TokenUsage.of(7, 3));
                  return CallContext.current().attribution().project();
                });

    assertThat(returned).isEqualTo("search");
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
    assertThat(record().attribution())
        .isEqualTo(Attribution.NONE.withProject("search").withUser("alice"));
  }

  @Test
  void aDenialComesWithTheFuture() {
    accounting.limits().save(Limit.named("none").requests(0).rolling(Duration.ofHours(1)));

    CompletableFuture<MethodCall> admission = metered.beginAsync(CALL);

    assertThatThrownBy(admission::join).hasCauseInstanceOf(QuotaExceededException.class);
    assertThat(records()).isEmpty();
  }

  @Test
  void aMethodThatIsGivenUpBeforeItRunsHasConsumedNothing() {
    giveUp(begun());

    assertThat(accounting.health().underWay()).isZero();
    assertThat(record().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record().tokens()).isEqualTo(TokenUsage.NONE);
  }

  @Test
  void aMethodWhoseAnswerIsStillToComeIsCancelled() {
    MethodCall call = begun();
    Object unused = call.run(CompletableFuture.class, CompletableFuture::new);

    giveUp(call);

    assertThat(record().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aMethodThatHasEndedStaysAsItIs() {
    MethodCall call = begun();
    Object unused = call.run(Object.class, () -> TokenUsage.of(7, 3));

    giveUp(call);

    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aMethodInAnUnmeteredContextJustRuns() {
    CompletableFuture<MethodCall> admission;
    try (CallContext.Scope scope = CallContext.unmetered().open()) {
      admission = metered.beginAsync(CALL);
    }

    MethodCall call = admission.join();
    assertThat(call.run(Object.class, () -> "Hello")).isEqualTo("Hello");
    giveUp(call);

    assertThat(records()).isEmpty();
  }
}
