package io.llmaccounting.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * Takes all that a producer produces, as a connection would that takes everything at once, so that
 * it can be read before it is sent. Safe for use by many threads, for some producers write on
 * threads of their own.
 */
final class CollectedEntity implements DataStreamChannel {
  private final AsyncEntityProducer producer;
  private final AtomicInteger asked = new AtomicInteger();
  private final CompletableFuture<RepeatableEntity> whole = new CompletableFuture<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private CollectedEntity(AsyncEntityProducer producer) {
    this.producer = producer;
  }

  /** The entity; fails with what {@code producer} fails with. Cancelling it ends the reading. */
  static CompletableFuture<RepeatableEntity> of(AsyncEntityProducer producer) {
    CollectedEntity entity = new CollectedEntity(producer);
    entity.requestOutput();
    return entity.whole;
  }

  /** Asks the producer; one that asks for it meanwhile is asked again afterwards. */
  @Override
  public void requestOutput() {
    if (asked.getAndIncrement() > 0) {
      return;
    }
    int missed = 1;
    while (missed > 0) {
      try {
        produce();
      } catch (IOException | RuntimeException e) {
        whole.completeExceptionally(e);
      }
      missed = asked.addAndGet(-missed);
    }
  }

  private void produce() throws IOException {
    int before = -1;
    while (!whole.isDone() && (size() > before || producer.available() > 0)) {
      before = size();
      producer.produce(this);
    }
  }

  private synchronized int size() {
    return bytes.size();
  }

  @Override
  public synchronized int write(ByteBuffer piece) {
    byte[] copy = new byte[piece.remaining()];
    piece.get(copy);
    bytes.writeBytes(copy);
    return copy.length;
  }

  @Override
  public void endStream() {
    endStream(null);
  }

  @Override
  public void endStream(@Nullable List<? extends Header> trailers) {
    byte[] all;
    synchronized (this) {
      all = bytes.toByteArray();
    }
    whole.complete(new RepeatableEntity(producer, all, trailers));
  }
}
