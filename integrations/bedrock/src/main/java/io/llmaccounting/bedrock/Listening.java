package io.llmaccounting.bedrock;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.Exchange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Tells the exchange of one call what goes out and what comes back. It tells no end: an answer that
 * breaks off may be asked for again. Used by one thread at a time.
 */
final class Listening implements ExecutionInterceptor {
  private static final int LARGEST_SKIP = 8_192;

  private final Exchange exchange;
  private volatile @Nullable QuotaExceededException denial;
  private volatile boolean givenUp;

  Listening(Exchange exchange) {
    this.exchange = exchange;
  }

  /** A copy of {@code request} that is listened to. */
  AwsRequest to(AwsRequest request) {
    AwsRequestOverrideConfiguration.Builder config =
        request
            .overrideConfiguration()
            .map(AwsRequestOverrideConfiguration::toBuilder)
            .orElseGet(AwsRequestOverrideConfiguration::builder);
    return request.toBuilder()
        .overrideConfiguration(
            config
                .addPlugin(
                    client ->
                        client.overrideConfiguration(
                            client.overrideConfiguration().toBuilder()
                                .addExecutionInterceptor(this)
                                .build()))
                .build())
        .build();
  }

  /** Why the answer was stopped; null if it was not. */
  @Nullable QuotaExceededException denial() {
    return denial;
  }

  /**
   * Whether the rest of the answer was not wanted: the future of the SDK ends in good order then.
   */
  boolean isGivenUp() {
    return givenUp;
  }

  @Override
  public void beforeTransmission(Context.BeforeTransmission sent, ExecutionAttributes attributes) {
    if (exchange.isEnded()) {
      throw new CancellationException("the call was cancelled");
    }
    exchange.attempted();
  }

  private void responded(SdkHttpResponse response) {
    exchange.responded(
        response.statusCode(),
        response.firstMatchingHeader("Content-Type").orElse(null),
        response.firstMatchingHeader("Content-Encoding").orElse(null));
  }

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse response, ExecutionAttributes attributes) {
    responded(response.httpResponse());
    return response.responseBody().map(Body::new);
  }

  @Override
  public Optional<Publisher<ByteBuffer>> modifyAsyncHttpResponseContent(
      Context.ModifyHttpResponse response, ExecutionAttributes attributes) {
    responded(response.httpResponse());
    return response.responsePublisher().map(body -> reader -> body.subscribe(new Pieces(reader)));
  }

  /** The body of a whole answer as it is read. */
  private final class Body extends FilterInputStream {
    Body(InputStream body) {
      super(body);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      if (read > 0) {
        exchange.feed(into, offset, read);
      }
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      int read = read(new byte[(int) Math.min(Math.max(count, 0), LARGEST_SKIP)]);
      return Math.max(read, 0);
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  /** The pieces of an answer as they pass to {@code reader}, at its pace. */
  private final class Pieces implements Subscriber<ByteBuffer> {
    private final Subscriber<? super ByteBuffer> reader;
    private @Nullable Subscription subscription;

    Pieces(Subscriber<? super ByteBuffer> reader) {
      this.reader = reader;
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      reader.onSubscribe(
          new Subscription() {
            @Override
            public void request(long count) {
              given.request(count);
            }

            @Override
            public void cancel() {
              givenUp = true;
              given.cancel();
            }
          });
    }

    @Override
    public void onNext(ByteBuffer piece) {
      if (denial != null) {
        return;
      }
      try {
        exchange.feed(piece);
      } catch (QuotaExceededException denied) {
        denial = denied;
        if (subscription != null) {
          subscription.cancel();
        }
        reader.onError(denied);
        return;
      }
      reader.onNext(piece);
    }

    @Override
    public void onError(Throwable error) {
      if (denial == null) {
        reader.onError(error);
      }
    }

    @Override
    public void onComplete() {
      if (denial == null) {
        reader.onComplete();
      }
    }
  }
}
