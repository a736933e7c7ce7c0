package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a web application's clients see of the accounting; the same on both kinds of servers. */
abstract class WebContract {
  private final HttpClient client = HttpClient.newHttpClient();
  private ConfigurableApplicationContext application;

  /** The kind of server. */
  abstract WebApplicationType type();

  /** What authenticates whom the header Test-Principal names. */
  abstract Class<?> security();

  /** What asks a model in a filter before security, for requests with the header Test-Early. */
  abstract Class<?> early();

  static void askEarly(LlmAccounting accounting) {
    accounting.begin(CallRequest.to("gpt-5-mini")).succeeded(TokenUsage.of(1, 1));
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Asks.class)
  static class Application {}

  @RestController
  static class Asks {
    private final LlmAccounting accounting;
    private final Executor executor;

    Asks(LlmAccounting accounting, @Qualifier("applicationTaskExecutor") Executor executor) {
      this.accounting = accounting;
      this.executor = executor;
    }

    @GetMapping("/ask")
    String ask() {
      return accounting.call(
          CallRequest.to("gpt-5-mini"),
          () -> who(),
          answer -> ModelAnswer.of(TokenUsage.of(100, 20)));
    }

    @GetMapping("/wrapped")
    String wrapped() {
      try {
        return ask();
      } catch (QuotaExceededException e) {
        throw new IllegalStateException(
            "in the service", new IllegalArgumentException("deeper", e));
      }
    }

    @GetMapping("/stage")
    CompletionStage<String> stage() {
      return CompletableFuture.supplyAsync(this::ask, executor);
    }

    @GetMapping("/mono")
    Mono<String> mono() {
      return Mono.fromCallable(this::ask).subscribeOn(Schedulers.boundedElastic());
    }

    private static String who() {
      Attribution who = CallContext.current().attribution();
      return who.project() + "/" + who.user() + "/" + who.caller() + "/" + who.session();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnAttribution {
    @Bean
    RequestAttribution byPath() {
      return request -> Attribution.NONE.withSession(request.path());
    }
  }

  @RestControllerAdvice
  static class CatchAll {
    @ExceptionHandler
    ResponseEntity<String> any(Exception error) {
      return ResponseEntity.status(500).body("caught all");
    }
  }

  @RestControllerAdvice
  static class OwnAnswer {
    @ExceptionHandler
    ResponseEntity<String> denied(QuotaExceededException denial) {
      return ResponseEntity.status(402).body("pay first");
    }
  }

  private void start(Class<?> more, String... properties) {
    application =
        new SpringApplicationBuilder(Application.class, security(), more)
            .web(type())
            .run(
                Stream.concat(
                        Stream.of(
                            "--server.port=0",
                            "--spring.application.name=web",
                            "--llm.accounting.limits[0].name=once",
                            "--llm.accounting.limits[0].metric=requests",
                            "--llm.accounting.limits[0].max=1",
                            "--llm.accounting.limits[0].rolling=1h"),
                        Arrays.stream(properties).map(one -> "--" + one))
                    .toArray(String[]::new));
  }

  @AfterEach
  void stop() {
    application.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ask", "/wrapped", "/mono", "/stage"})
  void attributesToThePrincipalOnWhateverThread(String path) throws Exception {
    start(Application.class);

    assertThat(get(path, "Test-Principal", "alice").body()).isEqualTo("null/alice/null/null");
    assertThat(application.getBean(LlmAccounting.class).tail())
        .singleElement()
        .satisfies(call -> assertThat(call.usage().attribution().user()).isEqualTo("alice"));
  }

  @Test
  void attributesToNobodyWhoIsAnonymous() throws Exception {
    start(Application.class);

    assertThat(get("/ask", "Test-Principal", "nobody").body()).isEqualTo("null/null/null/null");
  }

  @Test
  void comesAfterSecurityWhereverThatWasPut() throws Exception {
    start(Application.class, "spring.security.filter.order=7");

    assertThat(get("/ask", "Test-Principal", "alice").body()).isEqualTo("null/alice/null/null");
  }

  @Test
  void attributesToThePrincipalWhereAllBeansAreLazy() throws Exception {
    start(Application.class, "spring.main.lazy-initialization=true");

    assertThat(get("/mono", "Test-Principal", "alice").body()).isEqualTo("null/alice/null/null");
    assertThat(get("/mono", "Test-Principal", "bob").statusCode()).isEqualTo(429);
  }

  @Test
  void believesNoHeaderUnlessItIsNamed() throws Exception {
    start(Application.class);

    assertThat(get("/ask", "X-User", "mallory").body()).isEqualTo("null/null/null/null");
  }

  @Test
  void attributesToHeadersThatAreNamedButNotOverThePrincipal() throws Exception {
    start(
        Application.class,
        "llm.accounting.web.headers.project=X-Project",
        "llm.accounting.web.headers.user=X-User",
        "llm.accounting.web.headers.session=X-Session");

    assertThat(
            get(
                    "/ask",
                    "x-project",
                    "search",
                    "X-User",
                    "mallory",
                    "Test-Principal",
                    "alice",
                    "X-Session",
                    " s ")
                .body())
        .isEqualTo("search/alice/null/s");
  }

  @Test
  void attributesTheCallerToThePrincipalIfToldSo() throws Exception {
    start(
        Application.class,
        "llm.accounting.web.principal=caller",
        "llm.accounting.web.headers.user=X-User");

    assertThat(get("/ask", "X-User", "bob", "Test-Principal", "gateway").body())
        .isEqualTo("null/bob/gateway/null");
  }

  @Test
  void refusesHeadersThatAreNoNames() throws Exception {
    start(Application.class, "llm.accounting.web.headers.user=X-User");

    HttpResponse<String> tooLong = get("/ask", "X-User", "x".repeat(256));
    HttpResponse<String> twice = get("/ask", "X-User", "alice", "X-User", "bob");

    assertThat(tooLong.statusCode()).isEqualTo(400);
    assertThat(tooLong.body()).contains("\"status\":400", "X-User");
    assertThat(twice.statusCode()).isEqualTo(400);
    assertThat(twice.body()).contains("several values");
  }

  @Test
  void asksTheBeanOfTheApplication() throws Exception {
    start(OwnAttribution.class);

    assertThat(get("/ask", "Test-Principal", "alice").body()).isEqualTo("null/null/null//ask");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ask", "/wrapped", "/mono", "/stage"})
  void answersADenialWithWhatAClientUnderstands(String path) throws Exception {
    start(CatchAll.class);
    get("/ask");

    HttpResponse<String> denied = get(path);

    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.headers().firstValue("Retry-After"))
        .hasValueSatisfying(wait -> assertThat(Long.parseLong(wait)).isBetween(3500L, 3600L));
    assertThat(denied.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(denied.body())
        .contains("\"type\":\"tag:llmaccounting.io,2026:no-room\"", "\"status\":429")
        .doesNotContain("once");
  }

  @Test
  void answersADenialOfAFilterThatComesBeforeAllOthers() throws Exception {
    start(early());
    get("/ask");

    HttpResponse<String> denied = get("/ask", "Test-Early", "yes");

    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void namesLimitsIfToldSo() throws Exception {
    start(Application.class, "llm.accounting.web.tell-limits=true");
    get("/ask");

    assertThat(get("/ask").body()).contains("\"limits\":[{\"name\":\"once\"");
  }

  @Test
  void leavesDenialsToAnAdviceThatHandlesThem() throws Exception {
    start(OwnAnswer.class);
    get("/ask");

    HttpResponse<String> denied = get("/ask");

    assertThat(denied.statusCode()).isEqualTo(402);
    assertThat(denied.body()).isEqualTo("pay first");
  }

  @Test
  void answersNoDenialIfToldSo() throws Exception {
    start(CatchAll.class, "llm.accounting.web.answer-denials=false");
    get("/ask");

    assertThat(get("/ask").body()).isEqualTo("caught all");
  }

  @Test
  void isNotThereIfItIsSwitchedOff() throws Exception {
    start(Application.class, "llm.accounting.web.enabled=false");

    assertThat(get("/ask", "Test-Principal", "alice").body()).isEqualTo("null/null/null/null");
  }

  /** An answer to a request; {@code headers} are names and values in turn. */
  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create(
                "http://localhost:"
                    + application.getEnvironment().getProperty("local.server.port")
                    + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
