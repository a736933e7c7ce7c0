package io.llmaccounting.http;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import java.io.InputStream;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Nested;

/** Apache HttpClient 5, which repeats by itself what was answered with status 429. */
class ApacheHttpTest {
  private static final Executor THREADS = Executors.newCachedThreadPool();

  /** An application that asks models by Apache HttpClient. */
  record Client(ProviderShape shape, CloseableHttpClient http, URI provider) implements TapClient {
    private HttpPost request(Question question, boolean streamed) {
      HttpPost request = new HttpPost(provider.resolve(shape.path(streamed)));
      request.setEntity(
          new StringEntity(
              shape.request(question.text(), question.maxTokens(), streamed),
              ContentType.APPLICATION_JSON));
      request.setConfig(
          RequestConfig.custom().setResponseTimeout(Timeout.of(question.timeout())).build());
      return request;
    }

    @Override
    public String ask(Question question) throws Exception {
      return ask(request(question, false));
    }

    private String ask(HttpPost request) throws Exception {
      return http.execute(request, response -> EntityUtils.toString(response.getEntity()));
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      HttpPost request = request(question, false);
      CompletableFuture<String> answer = new CompletableFuture<>();
      answer.whenComplete(
          (text, error) -> {
            if (answer.isCancelled()) {
              request.cancel();
            }
          });
      CallContext.wrap(THREADS)
          .execute(
              () -> {
                try {
                  answer.complete(ask(request));
                } catch (Exception e) {
                  answer.completeExceptionally(e);
                }
              });
      return answer;
    }

    @Override
    public Stream stream(Question question) throws Exception {
      HttpPost request = request(question, true);
      ClassicHttpResponse response = http.executeOpen(null, request, null);
      InputStream body = response.getEntity().getContent();
      byte[] piece = new byte[16_384];
      return new Stream() {
        @Override
        public String next() throws Exception {
          int read = body.read(piece);
          return read < 0 ? null : new String(piece, 0, read, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws Exception {
          // without this the client reads the answer to its end
          request.cancel();
          try {
            response.close();
          } catch (SocketException e) {
            // so the client tells that it was cancelled
          }
        }
      };
    }

    @Override
    public void close() throws Exception {
      http.close();
    }
  }

  abstract static class Contract extends TapContract {
    private static HttpClientBuilder builder() {
      return HttpClients.custom()
          .setRetryStrategy(new DefaultHttpRequestRetryStrategy(3, TimeValue.ofMilliseconds(1)))
          .setConnectionManager(
              PoolingHttpClientConnectionManagerBuilder.create()
                  .setMaxConnPerRoute(200)
                  .setMaxConnTotal(200)
                  .build());
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new Client(shape(), MeteredApacheHttp.meter(builder(), meter).build(), uri);
    }

    @Override
    protected TapClient bare(URI uri) {
      return new Client(shape(), builder().build(), uri);
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
