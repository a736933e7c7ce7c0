package io.llmaccounting.tap;

import io.llmaccounting.health.AnswerNotRecordedException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Follows a publisher that a method has returned. What the first subscriber is told counts. */
final class LaterPieces<T> implements Flow.Publisher<T> {
  private final Flow.Publisher<T> publisher;
  private final PendingReturn pending;

  LaterPieces(Flow.Publisher<T> publisher, PendingReturn pending) {
    this.publisher = publisher;
    this.pending = pending;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    publisher.subscribe(new Pieces<T>(subscriber, pending));
  }

  private record Pieces<T>(Flow.Subscriber<? super T> subscriber, PendingReturn pending)
      implements Flow.Subscriber<T> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long count) {
              subscription.request(count);
            }

            @Override
            public void cancel() {
              subscription.cancel();
              CompletionStage<Void> unused = pending.cancelled();
            }
          });
    }

    @Override
    public void onNext(T piece) {
      pending.begun();
      pending.came(piece);
      subscriber.onNext(piece);
    }

    @Override
    public void onError(Throwable error) {
      CompletionStage<Void> end = pending.failed(error);
      end.whenComplete(
          (recorded, unrecorded) -> {
            if (unrecorded != null && unrecorded != error) {
              error.addSuppressed(unrecorded);
            }
            subscriber.onError(error);
          });
    }

    @Override
    public void onComplete() {
      CompletionStage<Void> end = pending.completed();
      end.whenComplete(
          (recorded, unrecorded) -> {
            if (unrecorded == null) {
              subscriber.onComplete();
            } else {
              subscriber.onError(new AnswerNotRecordedException(null, Ended.reason(unrecorded)));
            }
          });
    }
  }
}
