package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.tap.fake.FakeProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application with a model and the starter: what a few lines of YAML do to it. */
class StarterTest {
  private static final String YAML =
      """
      spring.application.name: shop
      llm.accounting:
        sqlite.path: %s
        defaults.project: search
        limits:
          - {name: user daily, metric: requests, max: 1, calendar: day, each: [user]}
      management:
        endpoints.web.exposure.include: "*"
        endpoint.health.show-details: always
      """;

  private final HttpClient client = HttpClient.newHttpClient();
  private final FakeProvider provider = FakeProvider.start();
  private ConfigurableApplicationContext application;

  @TempDir Path folder;

  /** Somebody's application, written without LLM Accounting. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import({Questions.class, ServletWebTest.Security.class})
  static class Shop {
    @Bean
    OpenAiChatModel model(Environment environment) {
      return OpenAiChatModel.builder()
          .baseUrl(environment.getRequiredProperty("provider"))
          .apiKey("none")
          .modelName("gpt-5-mini")
          .build();
    }
  }

  @RestController
  static class Questions {
    private final ChatModel model;

    Questions(ChatModel model) {
      this.model = model;
    }

    @GetMapping("/ask")
    String ask() {
      return model.chat("What is the answer?");
    }
  }

  private void start(String... properties) throws Exception {
    Path yaml = folder.resolve("application.yaml");
    Files.writeString(yaml, YAML.formatted(folder.resolve("usage.db")));
    String[] arguments = Arrays.copyOf(properties, properties.length + 3);
    arguments[properties.length] = "--spring.config.location=" + yaml.toUri();
    arguments[properties.length + 1] = "--provider=" + provider.uri() + "/v1";
    arguments[properties.length + 2] = "--server.port=0";
    application =
        new SpringApplicationBuilder(Shop.class)
            .web(WebApplicationType.SERVLET)
            .bannerMode(Banner.Mode.OFF)
            .run(arguments);
  }

  @AfterEach
  void stop() {
    application.close();
    provider.close();
  }

  @Test
  void recordsAttributesAndRefusesWithoutCode() throws Exception {
    start();

    HttpResponse<String> answered = get("/ask", "alice");
    HttpResponse<String> denied = get("/ask", "alice");
    HttpResponse<String> another = get("/ask", "bob");

    assertThat(answered.statusCode()).isEqualTo(200);
    assertThat(denied.statusCode()).isEqualTo(429);
    assertThat(denied.headers().firstValue("Retry-After")).isPresent();
    assertThat(another.statusCode()).isEqualTo(200);
    assertThat(provider.count()).isEqualTo(2);
    assertThat(application.getBean(LlmAccounting.class).tail())
        .extracting(
            call -> call.usage().attribution().project() + "/" + call.usage().attribution().user())
        .containsExactly("search/bob", "search/alice");
    assertThat(application.getBean(LlmAccounting.class).tail().get(0).usage().cost()).isPresent();
  }

  @Test
  void isShownByActuator() throws Exception {
    start();
    get("/ask", "alice");
    get("/ask", "alice");

    assertThat(get("/actuator/health", null).body())
        .contains("\"llmaccounting\":{", "\"recorded\":1", "\"denied\":1", "\"store\":\"CLOSED\"");
    assertThat(get("/actuator/prometheus", null).body())
        .contains("llm_accounting_calls_total{", "llm_accounting_refused_total 1.0")
        .contains("llm_accounting_breaker{state=\"closed\"} 1.0");
    assertThat(get("/actuator/llmaccounting", null).body())
        .contains("\"name\":\"user daily\"", "\"set\":\"spring-boot:shop\"")
        .contains("\"subject\":\"user=alice\"", "\"used\":\"1\"", "\"calls\":1")
        .contains("\"model\":\"gpt-5-mini");
    assertThat(get("/actuator/llmaccounting/user%20daily", null).body())
        .contains("\"subject\":\"user=alice\"")
        .doesNotContain("calls");
    assertThat(get("/actuator/llmaccounting/nothing", null).statusCode()).isEqualTo(404);
  }

  @Test
  void isLeftOutOfActuatorIfToldSo() throws Exception {
    start(
        "--management.health.llmaccounting.enabled=false",
        "--management.endpoint.llmaccounting.access=none",
        "--llm.accounting.metrics.enabled=false");

    assertThat(get("/actuator/health", null).body()).doesNotContain("llmaccounting");
    assertThat(get("/actuator/prometheus", null).body()).doesNotContain("llm_accounting");
    assertThat(get("/actuator/llmaccounting", null).statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path, String user) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create(
                "http://localhost:"
                    + application.getEnvironment().getProperty("local.server.port")
                    + path));
    if (user != null) {
      request.header("Test-Principal", user);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
