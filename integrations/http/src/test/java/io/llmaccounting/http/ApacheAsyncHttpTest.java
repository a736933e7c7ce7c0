package io.llmaccounting.http;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Nested;

/** Apache HttpClient 5 without waiting, which repeats by itself what was answered with 429. */
class ApacheAsyncHttpTest {
  /** An application that asks models by Apache HttpClient, and waits for it at times. */
  record Client(ProviderShape shape, CloseableHttpAsyncClient http, URI provider)
      implements TapClient {
    private SimpleHttpRequest request(Question question, boolean streamed) {
      SimpleHttpRequest request =
          SimpleRequestBuilder.post(provider.resolve(shape.path(streamed)))
              .setBody(
                  shape.request(question.text(), question.maxTokens(), streamed),
                  ContentType.APPLICATION_JSON)
              .build();
      request.setConfig(
          RequestConfig.custom().setResponseTimeout(Timeout.of(question.timeout())).build());
      return request;
    }

    @Override
    public String ask(Question question) throws Exception {
      try {
        return askAsync(question).get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      CompletableFuture<String> answer = new CompletableFuture<>();
      Future<SimpleHttpResponse> asked =
          http.execute(
              request(question, false),
              new FutureCallback<>() {
                @Override
                public void completed(SimpleHttpResponse response) {
                  answer.complete(new String(response.getBodyBytes(), StandardCharsets.UTF_8));
                }

                @Override
                public void failed(Exception error) {
                  answer.completeExceptionally(error);
                }

                @Override
                public void cancelled() {
                  answer.cancel(false);
                }
              });
      answer.whenComplete(
          (text, error) -> {
            if (answer.isCancelled()) {
              asked.cancel(true);
            }
          });
      return answer;
    }

    @Override
    public Stream stream(Question question) throws Exception {
      Pieces pieces = new Pieces();
      Future<Void> asked =
          http.execute(
              SimpleRequestProducer.create(request(question, true)), pieces, new Ends(pieces));
      pieces.begun.get();
      return new Stream() {
        @Override
        public String next() throws Exception {
          return pieces.next();
        }

        @Override
        public void close() {
          asked.cancel(true);
        }
      };
    }

    @Override
    public void close() throws Exception {
      http.close();
    }
  }

  /** What a stream says, piece by piece, no faster than it is read. */
  private static final class Pieces implements AsyncResponseConsumer<Void> {
    final CompletableFuture<Void> begun = new CompletableFuture<>();
    final LinkedBlockingQueue<Object> said = new LinkedBlockingQueue<>();
    private CapacityChannel channel;
    private int read;
    private volatile FutureCallback<Void> end;
    private Object last;

    String next() throws Exception {
      Object piece = last == null ? said.take() : last;
      if (piece instanceof String text) {
        taken(text.length());
        return text;
      }
      last = piece;
      if (piece instanceof Exception error) {
        throw error;
      }
      return null;
    }

    private synchronized void taken(int length) throws IOException {
      read += length;
      if (channel != null) {
        updateCapacity(channel);
      }
    }

    @Override
    public void consumeResponse(
        HttpResponse response,
        EntityDetails entity,
        HttpContext context,
        FutureCallback<Void> told) {
      end = told;
      begun.complete(null);
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {}

    @Override
    public synchronized void updateCapacity(CapacityChannel open) throws IOException {
      channel = open;
      open.update(read);
      read = 0;
    }

    @Override
    public void consume(ByteBuffer piece) {
      said.add(StandardCharsets.ISO_8859_1.decode(piece).toString());
    }

    @Override
    public void streamEnd(List<? extends Header> trailers) {
      end.completed(null);
    }

    @Override
    public void failed(Exception error) {}

    @Override
    public void releaseResources() {}
  }

  /** Tells the reader of a stream how it ended. */
  private record Ends(Pieces pieces) implements FutureCallback<Void> {
    @Override
    public void completed(Void result) {
      pieces.said.add(pieces);
    }

    @Override
    public void failed(Exception error) {
      pieces.said.add(error);
      pieces.begun.completeExceptionally(error);
    }

    @Override
    public void cancelled() {
      pieces.said.add(pieces);
      pieces.begun.cancel(false);
    }
  }

  abstract static class Contract extends TapContract {
    private static HttpAsyncClientBuilder builder() {
      return HttpAsyncClients.custom()
          .setRetryStrategy(new DefaultHttpRequestRetryStrategy(3, TimeValue.ofMilliseconds(1)))
          .setConnectionManager(
              PoolingAsyncClientConnectionManagerBuilder.create()
                  .setMaxConnPerRoute(200)
                  .setMaxConnTotal(200)
                  .build());
    }

    private TapClient started(HttpAsyncClientBuilder builder, URI uri) {
      CloseableHttpAsyncClient http = builder.build();
      http.start();
      return new Client(shape(), http, uri);
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return started(MeteredApacheHttp.meter(builder(), meter), uri);
    }

    @Override
    protected boolean handsOutWhatComesWithABreak() {
      return false;
    }

    @Override
    protected TapClient bare(URI uri) {
      return started(builder(), uri);
    }
  }

  @Nested
  class OpenAiChat extends Contract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.OPENAI_CHAT;
    }
  }

  @Nested
  class Anthropic extends Contract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.ANTHROPIC_MESSAGES;
    }
  }
}
