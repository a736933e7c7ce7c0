package io.llmaccounting.http;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Takes all that a publisher publishes, once, so that it can be read before it is sent. */
final class CollectedBody implements Flow.Subscriber<ByteBuffer> {
  private final List<ByteBuffer> pieces = new ArrayList<>();
  private final CompletableFuture<List<ByteBuffer>> whole = new CompletableFuture<>();
  private volatile Flow.@Nullable Subscription subscription;

  private CollectedBody() {}

  /** The pieces; fails with what {@code publisher} fails with. Cancelling it ends the reading. */
  static CompletableFuture<List<ByteBuffer>> of(BodyPublisher publisher) {
    CollectedBody body = new CollectedBody();
    CompletionStage<List<ByteBuffer>> end = body.whole;
    end.whenComplete((pieces, error) -> body.stop());
    publisher.subscribe(body);
    return body.whole;
  }

  /** Publishes {@code pieces}, as often as is asked, with the length that {@code like} tells. */
  static BodyPublisher publisher(List<ByteBuffer> pieces, BodyPublisher like) {
    long length = like.contentLength();
    if (length == 0) {
      return BodyPublishers.noBody();
    }
    // copied piece by piece as it is sent
    BodyPublisher bytes =
        BodyPublishers.ofByteArrays(() -> pieces.stream().map(CollectedBody::copy).iterator());
    return length < 0
        ? BodyPublishers.fromPublisher(bytes)
        : BodyPublishers.fromPublisher(bytes, length);
  }

  private static byte[] copy(ByteBuffer piece) {
    byte[] bytes = new byte[piece.remaining()];
    piece.duplicate().get(bytes);
    return bytes;
  }

  private void stop() {
    Flow.Subscription open = subscription;
    if (open != null && whole.isCancelled()) {
      open.cancel();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    if (whole.isDone()) {
      // given up before the publisher was ready
      subscription.cancel();
      return;
    }
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(ByteBuffer piece) {
    pieces.add(piece.asReadOnlyBuffer());
  }

  @Override
  public void onError(Throwable error) {
    whole.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    whole.complete(List.copyOf(pieces));
  }
}
