package io.llmaccounting.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.tap.contract.AdapterScene;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Usage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ContentType;
import org.junit.jupiter.api.Test;

/** A request that is given up while threads of the client disagree about what is under way. */
class GivenUpTest extends AdapterScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  private final CompletableFuture<CancellableDependency> underWay = new CompletableFuture<>();

  /** Apache HttpClient, which shows what it believes to be under way. */
  private CloseableHttpAsyncClient client() {
    HttpAsyncClientBuilder builder =
        HttpAsyncClients.custom()
            .addExecInterceptorAfter(
                ChainElement.CONNECT.name(),
                "show",
                (request, body, scope, chain, callback) -> {
                  underWay.complete(scope.cancellableDependency);
                  chain.proceed(request, body, scope, callback);
                });
    CloseableHttpAsyncClient http = MeteredApacheHttp.meter(builder, accounting).build();
    http.start();
    return http;
  }

  @Test
  void aConnectionThatIsToldOfTooLateKeepsNoRequestAlive() throws Exception {
    Gate gate = new Gate();
    provider.answering(CHAT.answer().waitingBefore(-1, gate));
    try (CloseableHttpAsyncClient http = client()) {
      SimpleHttpRequest request =
          SimpleRequestBuilder.post(provider.uri().resolve(CHAT.path(false)))
              .setBody(CHAT.request("Hi", 100, false), ContentType.APPLICATION_JSON)
              .build();
      Future<SimpleHttpResponse> asked = http.execute(request, null);
      gate.awaitReached();
      underWay.get().setDependency(() -> false);

      asked.cancel(true);

      Usage record = heard();
      assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
      gate.open();
    }
  }
}
