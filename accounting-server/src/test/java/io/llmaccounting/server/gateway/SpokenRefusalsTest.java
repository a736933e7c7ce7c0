package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.sealing.SealingException;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refusals that say what to do, to somebody who sets a gateway up. */
class SpokenRefusalsTest extends GatewayScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  private CompletionStage<Optional<Secret>> stored =
      CompletableFuture.completedFuture(Optional.of(Secret.of(CREDENTIAL)));

  @Override
  CompletionStage<Optional<Secret>> credential(
      @Nullable String project, UpstreamSettings upstream) {
    return stored;
  }

  @Test
  void aCredentialThatIsMissingIsNamedWithTheCommandThatAddsIt() throws Exception {
    stored = CompletableFuture.completedFuture(Optional.empty());

    HttpResponse<String> ofAll = send(asking(CHAT, false));
    callers.put(
        KEY,
        new Caller("bob", Attribution.NONE.withProject("apollo"), model -> true, name -> true));
    HttpResponse<String> ofProject = send(asking(CHAT, false));

    assertThat(ofAll.statusCode()).isEqualTo(502);
    assertThat(ofAll.headers().firstValue("x-should-retry")).hasValue("false");
    assertThat(ofAll.body())
        .contains(
            "no credential for upstream openai, neither of all projects nor in its settings;",
            "with: llm-accounting-server projects add-credential openai --file FILE");
    assertThat(ofProject.body())
        .contains(
            "neither of project apollo nor of all projects",
            "add-credential openai --project apollo --file FILE");
    assertThat(provider.count()).isZero();
  }

  @Test
  void aCredentialThatCannotBeOpenedIsToldApart() throws Exception {
    stored = CompletableFuture.failedFuture(new SealingException("sealed with key 4711"));

    HttpResponse<String> refused = send(asking(CHAT, false));

    assertThat(refused.statusCode()).isEqualTo(502);
    assertThat(refused.headers().firstValue("x-should-retry")).hasValue("false");
    assertThat(refused.body())
        .contains("cannot open its credential", "sealing.key", "add-credential openai")
        .doesNotContain("4711");
  }

  @Test
  void theLogTellsOnceAMinuteWhatIsMissing() {
    List<String> log = new ArrayList<>();
    AtomicLong nanos = new AtomicLong();
    MissingCredentials missing = new MissingCredentials(log::add, nanos::get);
    UpstreamSettings openai = upstream("openai", UpstreamKind.OPENAI);

    for (int i = 0; i < 3; i++) {
      missing.none(null, openai);
      missing.none("it's", openai);
      missing.sealed("it's", openai, new SealingException("sealed with key 4711"));
    }

    assertThat(log).hasSize(3);
    assertThat(log.get(1)).contains("--project 'it'\\''s' --file");
    assertThat(log.get(2)).contains("sealed with key 4711");
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    missing.none(null, openai);
    assertThat(log).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | model\\\" is missing",
        "{\"messages\":[]} | model\\\" is missing",
        "{\"model\":null} | model\\\" is missing",
        "{\"model\" | send JSON or a form",
        "no JSON | send JSON or a form"
      })
  void aRequestWithoutAModelIsToldFromOneThatCannotBeRead(String body, String told)
      throws Exception {
    HttpResponse<String> refused = send(asking("/v1/chat/completions", body).build());

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains(told);
  }

  @ParameterizedTest
  @CsvSource({"Authorization, sk-acc-x", "Authorization, Basic c2stYWNj", "X-Key, sk-acc-x"})
  void aKeyInAFormThatNobodyReadsIsAnsweredWithThoseThatAreRead(String name, String value)
      throws Exception {
    HttpResponse<String> refused =
        send(HttpRequest.newBuilder(at("/v1/models")).header(name, value).build());

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body())
        .contains("Authorization: Bearer KEY", "x-api-key", "api-key", "x-goog-api-key", "?key=")
        .doesNotContain("sk-acc-x");
  }

  @Test
  void aModelWithoutAPriceIsRefusedWithWhatHelps() throws Exception {
    accounting.limits().save(Limit.named("money").cost(Cost.usd("5")).rolling(Duration.ofDays(1)));

    HttpResponse<String> refused = send(asking(CHAT, false));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("no price", "prices", "provider", "unpriced to admit");
  }
}
