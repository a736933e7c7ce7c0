package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.server.config.CacheSettings;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Usage;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are given again. */
class ResponseCacheTest extends GatewayScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  ResponseCacheTest() {
    super(builder -> builder.pricing(PriceCatalog.bundled()));
  }

  @Override
  GatewaySettings settings() {
    GatewaySettings settings = super.settings();
    return new GatewaySettings(
        settings.upstreams(),
        settings.defaultUpstream(),
        false,
        settings.goneClients(),
        settings.bodies(),
        settings.rates(),
        null,
        new CacheSettings(Duration.ofHours(1), 1 << 20));
  }

  private static String cache(HttpResponse<String> response) {
    return response.headers().firstValue("X-Accounting-Cache").orElse("none");
  }

  private HttpResponse<String> ask(String body) throws Exception {
    return send(asking(CHAT.path(false), body).build());
  }

  private void belongsTo(String project) {
    callers.put(
        KEY,
        new Caller("k", Attribution.NONE.withProject(project), model -> true, provider -> true));
  }

  @ParameterizedTest
  @EnumSource(
      value = ProviderShape.class,
      names = {"OPENAI_CHAT", "OPENAI_RESPONSES", "ANTHROPIC_MESSAGES", "GEMINI"})
  void theSameAnswerIsGivenAgainPlainAndStreamed(ProviderShape shape) throws Exception {
    for (boolean streamed : new boolean[] {false, true}) {
      int before = provider.count();
      HttpResponse<String> first = send(asking(shape, streamed));
      HttpResponse<String> again = send(asking(shape, streamed));

      assertThat(cache(first)).isEqualTo("miss");
      assertThat(cache(again)).isEqualTo("hit");
      assertThat(again.body())
          .isEqualTo(first.body())
          .isEqualTo(streamed ? shape.streamText() : shape.answerText());
      assertThat(again.headers().firstValue("Content-Type"))
          .isEqualTo(first.headers().firstValue("Content-Type"));
      assertThat(provider.count()).isEqualTo(before + 1);
    }
    assertThat(metrics.scrape())
        .contains("llm_gateway_cache_total{result=\"hit\"} 2.0")
        .contains("llm_gateway_cache_total{result=\"miss\"} 2.0");
  }

  @Test
  void aHitCostsNothingSaysWhatItSavedAndCountsForNoLimit() throws Exception {
    accounting.limits().save(Limit.named("one").requests(1).rolling(Duration.ofHours(1)));
    send(asking(CHAT, false));

    HttpResponse<String> hit = send(asking(CHAT, false));

    assertThat(hit.statusCode()).isEqualTo(200);
    List<Usage> both = records();
    Usage record = both.stream().filter(Usage::isFromCache).findFirst().orElseThrow();
    Usage asked = both.stream().filter(one -> !one.isFromCache()).findFirst().orElseThrow();
    assertThat(both).hasSize(2);
    assertThat(hit.headers().firstValue("X-Accounting-Call")).contains(record.id().toString());
    assertThat(record.cost()).contains(Cost.ZERO);
    assertThat(record.computedCost()).isNotNull();
    assertThat(record.computedCost().cost()).isEqualTo(asked.cost().orElseThrow());
    assertThat(record.tokens()).isEqualTo(asked.tokens());
    assertThat(record.model()).isEqualTo(asked.model());
    assertThat(record.attribution()).isEqualTo(asked.attribution());
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(send(asking(CHAT, true)).statusCode()).isEqualTo(429);
  }

  @Test
  void blanksAndTheOrderOfNamesMakeNoDifferenceAndEverythingElseDoes() throws Exception {
    String body =
        "{\"model\":\"gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"a  b\"}]}";
    String same =
        "{ \"messages\": [ { \"content\": \"a  b\", \"role\": \"user\" } ],\n\"model\": \"gpt-5-mini\" }";
    assertThat(cache(ask(body))).isEqualTo("miss");

    assertThat(cache(ask(same))).isEqualTo("hit");
    assertThat(cache(ask(body.replace("a  b", "a b")))).isEqualTo("miss");
    assertThat(cache(ask(body.replace("mini", "nano")))).isEqualTo("miss");
    assertThat(cache(send(asking(CHAT.path(false) + "?x=1", body).build()))).isEqualTo("miss");
    assertThat(
            cache(send(asking(CHAT.path(false), body).header("OpenAI-Organization", "o").build())))
        .isEqualTo("miss");
  }

  @Test
  void noProjectGetsTheAnswersOfAnother() throws Exception {
    belongsTo("apollo");
    assertThat(cache(send(asking(CHAT, false)))).isEqualTo("miss");
    belongsTo("gemini");
    assertThat(cache(send(asking(CHAT, false)))).isEqualTo("miss");
    belongsTo("apollo");
    assertThat(cache(send(asking(CHAT, false)))).isEqualTo("hit");
    assertThat(provider.count()).isEqualTo(2);
  }

  @Test
  void aClientMayAskAnewOrHaveNothingKept() throws Exception {
    HttpRequest plain = asking(CHAT, false);
    HttpRequest anew =
        HttpRequest.newBuilder(plain, (name, value) -> true)
            .header("Cache-Control", "no-cache")
            .build();
    HttpRequest never =
        HttpRequest.newBuilder(plain, (name, value) -> true)
            .header("Cache-Control", "No-Store")
            .build();

    assertThat(cache(send(never))).isEqualTo("none");
    assertThat(cache(send(plain))).isEqualTo("miss");
    assertThat(cache(send(anew))).isEqualTo("miss");
    assertThat(cache(send(never))).isEqualTo("none");
    assertThat(cache(send(plain))).isEqualTo("hit");
    assertThat(provider.count()).isEqualTo(4);
  }

  @Test
  void aModelThatAKeyMayNotAskIsNotAnsweredFromWhatIsKept() throws Exception {
    belongsTo("apollo");
    send(asking(CHAT, false));
    callers.put(
        KEY,
        new Caller(
            "k",
            Attribution.NONE.withProject("apollo"),
            "gpt-5-nano"::equals,
            provider -> true,
            null,
            true));

    assertThat(send(asking(CHAT, false)).statusCode()).isEqualTo(403);
  }

  @Test
  void whatFailedOrBrokeIsNotKept() throws Exception {
    provider.answering(FakeAnswer.tooMany(1), CHAT.stream().brokenBefore(CHAT.textEvent() + 1));

    assertThat(send(asking(CHAT, true)).statusCode()).isEqualTo(429);
    assertThat(send(asking(CHAT, true)).body()).contains("\"error\"");
    HttpResponse<String> third = send(asking(CHAT, true));

    assertThat(cache(third)).isEqualTo("miss");
    assertThat(third.body()).isEqualTo(CHAT.streamText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"object\":\"response\",\"status\":\"in_progress\"}", "nothing"})
  void whatDoesNotTellWhatItUsedIsNotKept(String answer) throws Exception {
    provider.answering(FakeAnswer.json(answer));
    assertThat(send(asking(CHAT, false)).body()).isEqualTo(answer);

    assertThat(send(asking(CHAT, false)).body()).isEqualTo(CHAT.answerText());
  }

  @Test
  void whoAsksForUsageIsNotGivenAStreamWithoutIt() throws Exception {
    String body =
        "{\"model\":\"gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true%s}";
    HttpResponse<String> without = send(asking(CHAT.path(true), body.formatted("")).build());
    HttpResponse<String> with =
        send(
            asking(CHAT.path(true), body.formatted(",\"stream_options\":{\"include_usage\":true}"))
                .build());

    assertThat(cache(with)).isEqualTo("miss");
    assertThat(without.body()).doesNotContain("\"choices\":[]");
    assertThat(send(asking(CHAT.path(true), body.formatted("")).build()).body())
        .isEqualTo(without.body());
  }
}
