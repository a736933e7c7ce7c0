package io.llmaccounting.bedrock;

import io.llmaccounting.tap.contract.TapClient;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.services.bedrockruntime.model.PayloadPart;

/** The events of a streamed answer, asked for one by one, as text. */
final class EventPieces implements Subscriber<Object> {
  private final BlockingQueue<Optional<String>> pieces = new LinkedBlockingQueue<>();
  private final CompletableFuture<Subscription> begun = new CompletableFuture<>();
  private boolean first = true;

  @Override
  public void onSubscribe(Subscription subscription) {
    begun.complete(subscription);
    subscription.request(1);
  }

  @Override
  public void onNext(Object event) {
    pieces.add(
        Optional.of(
            event instanceof PayloadPart part ? part.bytes().asUtf8String() : event.toString()));
  }

  @Override
  public void onError(Throwable error) {
    // the future of the call fails, too
  }

  @Override
  public void onComplete() {
    // the future of the call ends, too
  }

  /** The answer of {@code call}, once it has begun. */
  TapClient.Stream of(CompletableFuture<Void> call) throws Exception {
    CompletableFuture<Void> end = call.whenComplete((done, error) -> pieces.add(Optional.empty()));
    CompletableFuture<Object> unused = CompletableFuture.anyOf(begun, call);
    SdkClient.unwrapped(unused.thenApply(value -> ""));
    return new TapClient.Stream() {
      @Override
      public String next() throws Exception {
        Optional<String> piece = pieces.poll(30, TimeUnit.SECONDS);
        if (piece == null) {
          throw new AssertionError("no piece has come");
        }
        if (piece.isEmpty()) {
          SdkClient.unwrapped(end.thenApply(done -> ""));
          return null;
        }
        begun.join().request(1);
        return piece.get();
      }

      @Override
      public void close() {
        call.cancel(true);
      }
    };
  }
}
