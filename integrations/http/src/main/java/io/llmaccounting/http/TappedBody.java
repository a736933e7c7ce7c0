package io.llmaccounting.http;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.Exchange;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells an exchange what passes to the application's subscriber, unchanged and at its pace. The end
 * is passed on once it is recorded.
 *
 * @param <T> what the application's subscriber makes of the body
 */
final class TappedBody<T> implements BodySubscriber<T> {
  private final Exchange exchange;
  private final BodySubscriber<T> reader;
  private final HandOut handOut;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private volatile Flow.Subscription subscription = NONE;

  private static final Flow.Subscription NONE =
      new Flow.Subscription() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
      };

  TappedBody(BodySubscriber<T> reader, HandOut handOut) {
    this.exchange = handOut.exchange();
    this.reader = reader;
    this.handOut = handOut;
  }

  @Override
  public CompletionStage<T> getBody() {
    return reader.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription real) {
    subscription = real;
    reader.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {
            real.request(count);
          }

          @Override
          public void cancel() {
            exchange.cancelled();
            real.cancel();
          }
        });
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    if (stopped.get()) {
      return;
    }
    try {
      pieces.forEach(exchange::feed);
    } catch (QuotaExceededException denied) {
      stop(denied);
      return;
    }
    reader.onNext(pieces);
  }

  private void stop(QuotaExceededException denied) {
    stopped.set(true);
    subscription.cancel();
    reader.onError(denied);
  }

  @Override
  public void onError(Throwable error) {
    if (stopped.compareAndSet(false, true)) {
      handOut.brokeOff(error).whenComplete((recorded, failure) -> reader.onError(error));
    }
  }

  @Override
  public void onComplete() {
    if (stopped.compareAndSet(false, true)) {
      exchange.completed().whenComplete((recorded, failure) -> end(failure));
    }
  }

  private void end(Throwable failure) {
    if (failure == null || handOut.tellUnrecorded(failure)) {
      reader.onComplete();
    } else {
      reader.onError(failure);
    }
  }
}
