package io.llmaccounting.http;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import org.junit.jupiter.api.Nested;

/** OkHttp, with an interceptor of the application's that repeats what was refused. */
class OkHttpTest {
  /** An application that asks models by OkHttp. */
  record Client(ProviderShape shape, OkHttpClient http, URI provider) implements TapClient {
    private Call call(Question question, boolean streamed) {
      String body = shape.request(question.text(), question.maxTokens(), streamed);
      Request request =
          new Request.Builder()
              .url(provider.resolve(shape.path(streamed)).toString())
              .post(
                  RequestBody.create(
                      body.getBytes(StandardCharsets.UTF_8), MediaType.get("application/json")))
              .tag(Question.class, question)
              .build();
      return http.newBuilder().readTimeout(question.timeout()).build().newCall(request);
    }

    @Override
    public String ask(Question question) throws Exception {
      try (Response response = call(question, false).execute()) {
        return response.body().string();
      }
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      CompletableFuture<String> answer = new CompletableFuture<>();
      Call call = call(question, false);
      answer.whenComplete(
          (text, error) -> {
            if (answer.isCancelled()) {
              call.cancel();
            }
          });
      call.enqueue(
          new Callback() {
            @Override
            public void onFailure(Call failed, IOException error) {
              answer.completeExceptionally(error);
            }

            @Override
            public void onResponse(Call answered, Response response) throws IOException {
              try (response) {
                answer.complete(response.body().string());
              } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
              }
            }
          });
      return answer;
    }

    @Override
    public Stream stream(Question question) throws Exception {
      Response response = call(question, true).execute();
      Buffer piece = new Buffer();
      return new Stream() {
        @Override
        public String next() throws Exception {
          return response.body().source().read(piece, 16_384) < 0
              ? null
              : piece.readString(StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() {
          response.close();
        }
      };
    }
  }

  abstract static class Contract extends TapContract {
    private final OkHttpClient http =
        new OkHttpClient.Builder().addInterceptor(Contract::repeat).build();

    private static Response repeat(Interceptor.Chain chain) throws IOException {
      Response response = chain.proceed(chain.request());
      Question question = chain.request().tag(Question.class);
      for (int left = question.retries(); response.code() == 429 && left > 0; left--) {
        response.close();
        response = chain.proceed(chain.request());
      }
      return response;
    }

    @Override
    protected TapClient metered(CallMeter meter, URI uri) {
      return new Client(shape(), MeteredOkHttp.of(http, meter), uri);
    }

    @Override
    protected TapClient bare(URI uri) {
      return new Client(shape(), http, uri);
    }

    @Override
    protected Class<? extends Throwable> asyncDenialComesAs() {
      return IOException.class;
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
  class Bedrock extends Contract {
    @Override
    protected ProviderShape shape() {
      return ProviderShape.BEDROCK_CONVERSE;
    }
  }
}
