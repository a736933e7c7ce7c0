package io.llmaccounting.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.core.http.AsyncStreamResponse;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.RawMessageStreamEvent;
import io.llmaccounting.tap.contract.GatedMeter;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Outcome;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Calls that an application gives up in other ways than by cancelling a future. */
class GivenUpTest extends Scene {
  @Test
  void aFutureThatRunsOutOfTimeGivesItsCallUp() throws Exception {
    Gate gate = new Gate();
    provider.answering(ProviderShape.ANTHROPIC_MESSAGES.answer().waitingBefore(-1, gate));
    CompletableFuture<Message> asked = client.async().messages().create(question().build());
    gate.awaitReached();

    assertThatThrownBy(() -> asked.orTimeout(1, TimeUnit.MILLISECONDS).get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TimeoutException.class);

    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
    gate.open();
  }

  @Test
  void aStreamThatIsClosedWhileItWaitsForRoomSendsNothing() throws Exception {
    GatedMeter meter = new GatedMeter(accounting);
    AsyncStreamResponse<RawMessageStreamEvent> stream =
        MeteredAnthropic.of(bare, meter).async().messages().createStreaming(question().build());
    CompletableFuture<?> waiting = meter.awaitAsked();

    stream.close();

    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
    meter.open();
    assertThat(provider.count()).isZero();
    assertThat(records()).isEmpty();
  }

  @Test
  void aThreadThatIsInterruptedWhileItReadsAStreamLeavesACancelledRecord() throws Exception {
    Gate gate = new Gate();
    int text = ProviderShape.ANTHROPIC_MESSAGES.textEvent();
    provider.answering(ProviderShape.ANTHROPIC_MESSAGES.stream().waitingBefore(text + 1, gate));
    try (StreamResponse<RawMessageStreamEvent> answer =
        client.messages().createStreaming(question().build())) {
      Iterator<RawMessageStreamEvent> events = answer.stream().iterator();
      assertThat(events.next()).isNotNull();
      gate.awaitReached();

      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> events.forEachRemaining(event -> {})).isNotNull();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
      gate.open();
    }
  }
}
