package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.usage.Attribution;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths at which no model is read, and so nothing is metered. */
class UnreadEndpointsTest extends GatewayScene {
  private HttpResponse<String> ask(String method, String path) throws Exception {
    provider.answering(FakeAnswer.json("{}"));
    return send(
        HttpRequest.newBuilder(at(path))
            .header("Authorization", "Bearer " + KEY)
            .method(method, BodyPublishers.ofString("{\"model\":\"gpt-5-pro\"}"))
            .build());
  }

  private void confine() {
    callers.put(
        KEY, new Caller("bob", Attribution.NONE, "gpt-5-nano"::equals, name -> true, null, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/batches",
        "/v1/assistants",
        "/v1/threads/thread_1/runs",
        "/v1/fine_tuning/jobs",
        "/v1/vector_stores/vs_1/files",
        "/anthropic/v1/messages/batches",
        "/gemini/v1beta/cachedContents",
        "/v1/whatever/comes/next"
      })
  void aKeyForSomeModelsDoesNotReachThem(String path) throws Exception {
    assertThat(ask("POST", path).statusCode()).isEqualTo(200);
    confine();

    HttpResponse<String> refused = ask("POST", path);

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("certain models only");
    assertThat(provider.count()).isEqualTo(1);
    assertThat(records()).isEmpty();
  }

  @Test
  void aKeyForSomeModelsReadsAndRemovesAndSendsFiles() throws Exception {
    confine();

    assertThat(ask("GET", "/v1/batches/b_1").statusCode()).isEqualTo(200);
    assertThat(ask("DELETE", "/v1/responses/resp_1").statusCode()).isEqualTo(200);
    assertThat(ask("POST", "/v1/files").statusCode()).isEqualTo(200);
    assertThat(ask("POST", "/v1/uploads/u_1/complete").statusCode()).isEqualTo(200);
    assertThat(ask("POST", "/v1/responses/resp_1/cancel").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/realtime/client_secrets",
        "/v1/realtime/sessions",
        "/v1/Realtime/Sessions",
        "/v1/realtime%2Fsessions",
        "/v1/realtime/calls",
        "/gemini/v1alpha/auth_tokens"
      })
  void nobodyIsGivenACredentialOfTheProvider(String path) throws Exception {
    HttpResponse<String> refused = ask("POST", path);

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(provider.count()).isZero();
  }

  @Test
  void whatPassesUnmeteredIsCounted() throws Exception {
    ask("POST", "/v1/batches");

    assertThat(metrics.scrape()).contains("llm_gateway_unmetered_total{upstream=\"openai\"} 1.0");
  }
}
