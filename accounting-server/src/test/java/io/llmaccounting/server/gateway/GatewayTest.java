package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.tap.fake.SentRequest;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Usage;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatewayTest extends GatewayScene {
  @ParameterizedTest
  @EnumSource(
      value = ProviderShape.class,
      names = {
        "OPENAI_CHAT",
        "OPENAI_RESPONSES",
        "OPENAI_EMBEDDINGS",
        "ANTHROPIC_MESSAGES",
        "GEMINI"
      })
  void aCallPassesAndIsRecordedOnce(ProviderShape shape) throws Exception {
    HttpResponse<String> response = send(asking(shape, false));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(shape.answerText());
    Usage record = record();
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record.attribution().user()).isEqualTo("alice");
    assertThat(record.tokens().total()).isPositive();
    assertThat(response.headers().firstValue("X-Accounting-Call")).contains(record.id().toString());
    assertThat(sent()).isEqualTo(shape.request("What is a gateway?", 100, false));
  }

  @ParameterizedTest
  @EnumSource(
      value = ProviderShape.class,
      names = {"OPENAI_CHAT", "OPENAI_RESPONSES", "ANTHROPIC_MESSAGES", "GEMINI"})
  void aStreamPassesAndIsRecordedOnce(ProviderShape shape) throws Exception {
    HttpResponse<String> response = send(asking(shape, true));

    assertThat(response.body()).isEqualTo(shape.streamText());
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().tokens().output()).isPositive();
  }

  @Test
  void theProviderSeesItsOwnCredentialAndNothingOfOurs() throws Exception {
    HttpRequest request =
        asking(
                "/openai/v1/chat/completions?key=" + KEY + "&x=%2F",
                ProviderShape.OPENAI_CHAT.request("Hi", 10, false))
            .header("x-api-key", KEY)
            .header("X-Accounting-Session", "s1")
            .header("OpenAI-Organization", "org-1")
            .build();

    assertThat(send(request).statusCode()).isEqualTo(200);

    SentRequest sent = provider.requests().get(0);
    assertThat(sent.target()).isEqualTo("/v1/chat/completions?x=%2F");
    assertThat(sent.headers())
        .containsEntry("authorization", "Bearer " + CREDENTIAL)
        .containsEntry("openai-organization", "org-1")
        .doesNotContainKeys("x-api-key", "x-accounting-session");
    assertThat(sent.headers().toString()).doesNotContain(KEY);
    assertThat(record().attribution().session()).isEqualTo("s1");
  }

  @Test
  void whatNobodyKnowsNeverReachesTheProvider() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(at("/anthropic/v1/messages"))
            .header("x-api-key", "sk-acc-unknown")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();

    HttpResponse<String> response = send(request);

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).contains("authentication_error");
    assertThat(provider.count()).isZero();
  }

  @Test
  void aDenialNamesTheLimitAndWhenItFits() throws Exception {
    accounting.limits().save(Limit.named("few").requests(1).rolling(Duration.ofHours(1)));

    assertThat(send(asking(ProviderShape.OPENAI_CHAT, false)).statusCode()).isEqualTo(200);
    HttpResponse<String> denied = send(asking(ProviderShape.OPENAI_CHAT, false));

    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.body()).contains("few").contains("\"error\"");
    assertThat(denied.headers().firstValueAsLong("Retry-After").getAsLong()).isPositive();
    assertThat(denied.headers().firstValue("x-should-retry")).contains("false");
    assertThat(provider.count()).isEqualTo(1);
    assertThat(records()).hasSize(1);
  }

  @Test
  void anErrorOfTheProviderPassesAsItIs() throws Exception {
    provider.answering(FakeAnswer.tooMany(7));

    HttpResponse<String> response = send(asking(ProviderShape.OPENAI_CHAT, false));

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).contains("7");
    assertThat(response.body()).contains("planned by a test");
    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().tokens().total()).isZero();
  }

  @Test
  void usageIsAskedForAndHiddenFromWhoDidNotAsk() throws Exception {
    String body =
        "{\"model\":\"gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}";

    HttpResponse<String> response = send(asking("/v1/chat/completions", body).build());

    assertThat(sent()).contains("\"include_usage\":true");
    assertThat(response.body()).doesNotContain("\"choices\":[]").endsWith("data: [DONE]\n\n");
    assertThat(record().tokens().total()).isPositive();
    assertThat(record().source()).isEqualTo(io.llmaccounting.usage.TokenSource.REPORTED);
  }

  @Test
  void aRequestThatAsksNoModelPassesAndIsNotRecorded() throws Exception {
    provider.answering(FakeAnswer.json("{\"data\":[]}"));

    HttpRequest request =
        HttpRequest.newBuilder(at("/v1/files?limit=2"))
            .header("Authorization", "Bearer " + KEY)
            .build();

    assertThat(send(request).body()).isEqualTo("{\"data\":[]}");
    assertThat(provider.requests().get(0).target()).isEqualTo("/v1/files?limit=2");
    assertThat(records()).isEmpty();
  }

  @Test
  void aKeySeesTheModelsThatItMayAsk() throws Exception {
    String all = "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-5\"}, {\"id\":\"gpt-5-mini\"}]}";
    provider.answering(FakeAnswer.json(all), FakeAnswer.json(all));
    HttpRequest request =
        HttpRequest.newBuilder(at("/v1/models"))
            .header("Authorization", "Bearer " + KEY)
            .header("Accept-Encoding", "gzip, br")
            .build();

    assertThat(send(request).body()).isEqualTo(all);
    callers.put(
        KEY,
        new Caller(
            "bob",
            io.llmaccounting.usage.Attribution.NONE,
            model -> model.equals("gpt-5-mini"),
            provider -> true));
    assertThat(send(request).body()).contains("gpt-5-mini").doesNotContain("\"gpt-5\"");
    assertThat(provider.requests().get(0).headers()).containsEntry("accept-encoding", "identity");
  }

  @Test
  void itSaysThatItLivesAndIsReadyAndWhatItCounts() throws Exception {
    send(asking(ProviderShape.OPENAI_CHAT, false));

    for (String page : new String[] {"/", "/health/live", "/health/ready"}) {
      assertThat(send(HttpRequest.newBuilder(at(page)).build()).statusCode()).isEqualTo(200);
    }
    assertThat(send(HttpRequest.newBuilder(at("/metrics")).build()).body())
        .contains("llm_gateway_requests_total{status=\"2xx\",upstream=\"openai\"}")
        .contains("llm_gateway_first_byte_seconds_count{upstream=\"openai\"}")
        .doesNotContain(KEY);
  }

  @Test
  void oneThatIsAboutToStopSaysSoAndGoesOn() throws Exception {
    gateway().announceStop();

    assertThat(send(HttpRequest.newBuilder(at("/health/ready")).build()).statusCode())
        .isEqualTo(503);
    assertThat(send(HttpRequest.newBuilder(at("/health/live")).build()).statusCode())
        .isEqualTo(200);
    assertThat(send(asking(ProviderShape.OPENAI_CHAT, false)).statusCode()).isEqualTo(200);
  }
}
