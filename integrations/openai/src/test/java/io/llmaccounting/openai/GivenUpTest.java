package io.llmaccounting.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
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
    provider.answering(ProviderShape.OPENAI_CHAT.answer().waitingBefore(-1, gate));
    CompletableFuture<ChatCompletion> asked =
        client.async().chat().completions().create(chat().build());
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
    AsyncStreamResponse<ChatCompletionChunk> stream =
        MeteredOpenAi.of(bare, meter).async().chat().completions().createStreaming(chat().build());
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
    int text = ProviderShape.OPENAI_CHAT.textEvent();
    provider.answering(ProviderShape.OPENAI_CHAT.stream().waitingBefore(text + 1, gate));
    try (StreamResponse<ChatCompletionChunk> answer =
        client.chat().completions().createStreaming(chat().build())) {
      Iterator<ChatCompletionChunk> events = answer.stream().iterator();
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
