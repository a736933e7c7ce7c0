package io.llmaccounting.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * What a producer has produced, told as its own, as often as it is asked for. Confined to one
 * thread at a time.
 */
final class RepeatableEntity implements AsyncEntityProducer {
  private final AsyncEntityProducer producer;
  private final byte[] bytes;
  private final @Nullable List<? extends Header> trailers;
  private ByteBuffer left;

  RepeatableEntity(
      AsyncEntityProducer producer, byte[] bytes, @Nullable List<? extends Header> trailers) {
    this.producer = producer;
    this.bytes = bytes;
    this.trailers = trailers;
    this.left = ByteBuffer.wrap(bytes);
  }

  /** All of it, not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  @Override
  public int available() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void produce(DataStreamChannel channel) throws IOException {
    if (left.hasRemaining()) {
      int unused = channel.write(left);
    }
    if (!left.hasRemaining()) {
      channel.endStream(trailers);
    }
  }

  /** Begins anew, as the client asks after each attempt, and gives up what the producer holds. */
  @Override
  public void releaseResources() {
    left = ByteBuffer.wrap(bytes);
    producer.releaseResources();
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public void failed(Exception cause) {
    producer.failed(cause);
  }

  @Override
  public long getContentLength() {
    return producer.getContentLength();
  }

  @Override
  public String getContentType() {
    return producer.getContentType();
  }

  @Override
  public String getContentEncoding() {
    return producer.getContentEncoding();
  }

  @Override
  public boolean isChunked() {
    return producer.isChunked();
  }

  @Override
  public Set<String> getTrailerNames() {
    return producer.getTrailerNames();
  }
}
