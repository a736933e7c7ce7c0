package io.llmaccounting.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.CallListener;
import io.llmaccounting.call.ModelCall;
import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A method whose answer comes after it has returned, or that is told what is amiss. */
class LaterReturnTest {
  private static final CallRequest CALL =
      CallRequest.to("gpt-5-mini").inputTokens(1_000).maxOutputTokens(1_000);

  private final CountDownLatch recorded = new CountDownLatch(1);
  private final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.create())
          .listener(
              new CallListener() {
                @Override
                public void recorded(Usage usage, Receipt receipt) {
                  recorded.countDown();
                }
              })
          .withoutShutdownHook()
          .build();
  private final MeteredMethod metered = MeteredMethod.of(accounting);

  @AfterEach
  void close() {
    accounting.close();
  }

  private List<Usage> records() {
    return accounting.tail(UsageFilter.all(), 100).stream().map(RecordedUsage::usage).toList();
  }

  private Usage record() throws InterruptedException {
    assertThat(recorded.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(records()).hasSize(1);
    return records().get(0);
  }

  private <T> T call(Class<T> declared, ModelCall<? extends T, RuntimeException> method) {
    return declared.cast(metered.call(CALL, declared, method));
  }

  @Test
  void aStageIsRecordedOnceItIsDone() throws InterruptedException {
    CompletableFuture<TokenUsage> asked = new CompletableFuture<>();

    CompletionStage<?> shown = call(CompletionStage.class, () -> asked);
    assertThat(records()).isEmpty();
    asked.complete(TokenUsage.of(7, 3));

    assertThat((Object) shown.toCompletableFuture().join()).isEqualTo(TokenUsage.of(7, 3));
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
  }

  @Test
  void aStageThatFailsIsRecordedAsFailed() throws InterruptedException {
    CompletableFuture<String> asked = new CompletableFuture<>();

    CompletableFuture<?> shown = call(CompletableFuture.class, () -> asked);
    asked.completeExceptionally(new IOException("no route to host"));

    assertThatThrownBy(shown::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(IOException.class);
    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void cancellingAStageGivesTheCallUp() throws InterruptedException {
    CompletableFuture<String> asked = new CompletableFuture<>();

    CompletableFuture<?> shown = call(CompletableFuture.class, () -> asked);
    shown.cancel(true);

    assertThat(asked).isCancelled();
    assertThat(record().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aFutureOfAnotherTypeIsHandedOutAsItIs() throws InterruptedException {
    class Pending extends CompletableFuture<Object> {}

    Pending asked = new Pending();

    assertThat(call(Pending.class, () -> asked)).isSameAs(asked);
    asked.complete(TokenUsage.of(7, 3));

    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
  }

  /** Hands out what it has at once, one piece for each that is asked for. */
  private record Pieces(List<?> pieces, Throwable failure) implements Flow.Publisher<Object> {
    @Override
    public void subscribe(Flow.Subscriber<? super Object> subscriber) {
      List<?> left = new ArrayList<>(pieces);
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long count) {
              for (long i = 0; i < count && !left.isEmpty(); i++) {
                subscriber.onNext(left.remove(0));
              }
              if (left.isEmpty() && failure != null) {
                subscriber.onError(failure);
              } else if (left.isEmpty()) {
                subscriber.onComplete();
              }
            }

            @Override
            public void cancel() {
              left.clear();
            }
          });
    }
  }

  /** Collects what it is told. */
  private static final class Heard implements Flow.Subscriber<Object> {
    final List<Object> told = new CopyOnWriteArrayList<>();
    final CountDownLatch ended = new CountDownLatch(1);
    Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void onNext(Object piece) {
      told.add(piece);
    }

    @Override
    public void onError(Throwable error) {
      told.add(error);
      ended.countDown();
    }

    @Override
    public void onComplete() {
      told.add("end");
      ended.countDown();
    }
  }

  private Heard subscribed(Pieces pieces) {
    Heard heard = new Heard();
    @SuppressWarnings("unchecked")
    Flow.Publisher<Object> shown = call(Flow.Publisher.class, () -> pieces);
    shown.subscribe(heard);
    return heard;
  }

  @Test
  void theLastPieceThatTellsTokensTellsThoseOfAStream() throws InterruptedException {
    Heard heard =
        subscribed(
            new Pieces(
                List.of(
                    "Hel", TokenUsage.of(7, 1), TokenUsage.of(7, 3), ModelAnswer.withoutUsage()),
                null));
    heard.subscription.request(10);
    assertThat(heard.ended.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(heard.told).hasSize(5).endsWith("end");
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
    assertThat(record().details().streamed()).isTrue();
    assertThat(record().details().timeToFirstToken()).isNotNull();
  }

  @Test
  void aStreamOfTextIsEstimatedFromAllOfIt() throws InterruptedException {
    Heard heard = subscribed(new Pieces(List.of("Hello, ", "Alice"), null));
    heard.subscription.request(10);
    assertThat(heard.ended.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(1_000, 3));
  }

  @Test
  void aStreamThatFailsIsRecordedWithWhatHadCome() throws InterruptedException {
    Heard heard = subscribed(new Pieces(List.of("Hello, ", "Alice"), new IOException("reset")));
    heard.subscription.request(10);
    assertThat(heard.ended.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(heard.told).hasSize(3);
    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().tokens()).isEqualTo(TokenUsage.of(1_000, 3));
  }

  @Test
  void cancellingAStreamGivesTheCallUp() throws InterruptedException {
    Heard heard = subscribed(new Pieces(List.of("Hello, ", "Alice"), null));
    heard.subscription.request(1);
    heard.subscription.cancel();

    assertThat(record().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aFollowerStandsInForATypeOfALibrary() throws InterruptedException {
    class Later {
      PendingReturn pending;
    }

    Later later = new Later();
    Object shown =
        metered
            .following(
                (returned, pending) -> {
                  if (returned instanceof Later known) {
                    known.pending = pending;
                    return Optional.of(returned);
                  }
                  return Optional.empty();
                })
            .call(CALL, Later.class, () -> later);
    assertThat(shown).isSameAs(later);
    assertThat(records()).isEmpty();

    later.pending.came(TokenUsage.of(7, 3));
    Exchange.await(later.pending.completed());
    Exchange.await(later.pending.failed(new IOException("too late")));

    assertThat(record().tokens()).isEqualTo(TokenUsage.of(7, 3));
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void whatCannotBeRecordedCarriesTheAnswer() {
    InMemoryBackend backend = InMemoryBackend.create();
    LlmAccounting strict = LlmAccounting.builder(backend).withoutShutdownHook().build();
    MeteredMethod method =
        MeteredMethod.of(strict)
            .reading(
                returned -> {
                  throw new IllegalStateException("planned by a test");
                });

    assertThatThrownBy(() -> method.call(CALL, String.class, () -> "Hello"))
        .isInstanceOfSatisfying(
            AnswerNotRecordedException.class,
            e -> assertThat(e.answer(String.class)).isEqualTo("Hello"));
    strict.close();
    assertThatThrownBy(() -> method.call(CALL, String.class, () -> "Hello"))
        .isInstanceOf(BackendException.class);
  }
}
