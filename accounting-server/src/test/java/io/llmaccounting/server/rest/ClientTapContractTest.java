package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.client.LlmAccountingClient;
import io.llmaccounting.http.MeteredHttpClient;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.contract.TapClient;
import io.llmaccounting.tap.contract.TapContract;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.ModelAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An adapter whose meter is a client does what it does with the library itself, but for what is
 * named here.
 */
@ExtendWith(ClientTapContractTest.ByAClient.class)
class ClientTapContractTest extends TapContract {
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<RuntimeException> unexpected = new CopyOnWriteArrayList<>();

  /** Leaves out what is about an accounting in the process of the adapter, each with its reason. */
  static final class ByAClient implements ExecutionCondition {
    private static final Map<String, String> LEFT_OUT =
        Map.of(
            "underThePolicyFailACallThatCannotBeRecordedFailsAfterItsAnswer",
            "a client keeps what its server cannot record, so that nothing fails",
            "aStoreThatIsAwayCostsTheApplicationNothing",
            "what fails is told to the handler of the client, which is not that of the contract",
            "aCallThatIsCancelledWhileItWaitsForRoomSendsNothingAndHasConsumedNothing",
            "the contract holds calls up in a meter around the library, not around the client");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String reason = context.getTestMethod().map(Method::getName).map(LEFT_OUT::get).orElse(null);
      return reason == null
          ? ConditionEvaluationResult.enabled("applies")
          : ConditionEvaluationResult.disabled(reason);
    }
  }

  @AfterEach
  void theClientHasFailedNowhere() {
    assertThat(unexpected).isEmpty();
  }

  @Override
  protected ProviderShape shape() {
    return ProviderShape.OPENAI_CHAT;
  }

  @Override
  protected TapClient metered(CallMeter meter, URI uri) {
    try {
      ServedAccounting served = new ServedAccounting((LlmAccounting) meter);
      LlmAccountingClient client =
          LlmAccountingClient.builder(served.uri(), served.key())
              .timeout(Duration.ofSeconds(10))
              .continueOnError(unexpected::add)
              .withoutShutdownHook()
              .build();
      return new Application(
          shape(),
          MeteredHttpClient.of(http, client),
          client,
          uri,
          () -> {
            client.close();
            served.close();
          });
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Class<? extends Throwable> stopComesAs() {
    return IOException.class;
  }

  @Override
  protected boolean cancellingMayBreakOthersOff() {
    return true;
  }

  @Override
  protected TapClient bare(URI uri) {
    return new Application(shape(), http, null, uri, () -> {});
  }

  /** An application that asks models by the JDK's client. */
  private record Application(
      ProviderShape shape,
      HttpClient http,
      @Nullable CallMeter meter,
      URI provider,
      AutoCloseable after)
      implements TapClient {
    private HttpRequest request(Question question, boolean streamed) {
      String body = shape.request(question.text(), question.maxTokens(), streamed);
      return HttpRequest.newBuilder(provider.resolve(shape.path(streamed)))
          .header("Content-Type", "application/json")
          .timeout(question.timeout())
          .POST(HttpRequest.BodyPublishers.ofString(body))
          .build();
    }

    @Override
    public String ask(Question question) throws Exception {
      HttpRequest request = request(question, false);
      if (question.retries() == 0 || meter == null) {
        return http.send(request, BodyHandlers.ofString()).body();
      }
      try (LlmCall call = meter.begin(CallRequest.to(shape.model()))) {
        String answer = call.ask(() -> repeated(request, question.retries()));
        call.succeeded(ModelAnswer.withoutUsage());
        return answer;
      }
    }

    private String repeated(HttpRequest request, int retries) throws Exception {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      return response.statusCode() == 429 && retries > 0
          ? repeated(request, retries - 1)
          : response.body();
    }

    @Override
    public CompletableFuture<String> askAsync(Question question) {
      CompletableFuture<HttpResponse<String>> sent =
          http.sendAsync(request(question, false), BodyHandlers.ofString());
      CompletableFuture<String> body = sent.thenApply(HttpResponse::body);
      body.whenComplete((text, error) -> sent.cancel(true));
      return body;
    }

    @Override
    public Stream stream(Question question) throws Exception {
      InputStream body = http.send(request(question, true), BodyHandlers.ofInputStream()).body();
      byte[] piece = new byte[16_384];
      return new Stream() {
        @Override
        public @Nullable String next() throws Exception {
          int read = body.read(piece);
          return read < 0 ? null : new String(piece, 0, read, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws Exception {
          body.close();
        }
      };
    }

    @Override
    public void close() throws Exception {
      after.close();
    }
  }
}
