package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testing.Eventually;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application that ends while it is asked records every call that it has made. */
class ShutdownTest {
  private static final int CLIENTS = 4;

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicBoolean ended = new AtomicBoolean();

  @TempDir Path folder;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Asks.class)
  static class Application {}

  @RestController
  static class Asks {
    static final AtomicInteger CALLS = new AtomicInteger();
    private final LlmAccounting accounting;

    Asks(LlmAccounting accounting) {
      this.accounting = accounting;
    }

    @GetMapping("/ask")
    String ask() {
      return accounting.call(
          CallRequest.to("gpt-5-mini"),
          () -> String.valueOf(CALLS.incrementAndGet()),
          answer -> ModelAnswer.of(TokenUsage.of(100, 20)));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WebApplicationType.class,
      names = {"SERVLET", "REACTIVE"})
  void losesNothingUnderLoad(WebApplicationType type) throws Exception {
    Asks.CALLS.set(0);
    Path file = folder.resolve(type + ".db");
    ConfigurableApplicationContext application =
        new SpringApplicationBuilder(Application.class)
            .web(type)
            .bannerMode(Banner.Mode.OFF)
            .run(
                "--server.port=0",
                "--server.shutdown=graceful",
                "--spring.datasource.url=jdbc:h2:mem:own",
                "--llm.accounting.mode=buffered",
                "--llm.accounting.sqlite.path=" + file);
    String port = application.getEnvironment().getProperty("local.server.port");
    URI uri = URI.create("http://localhost:" + port + "/ask");
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Thread thread = new Thread(() -> ask(uri), "client " + i);
      clients.add(thread);
      thread.start();
    }
    Eventually.eventually("calls are made", () -> answered.get() > 50);

    application.close();

    ended.set(true);
    for (Thread thread : clients) {
      thread.join();
    }
    try (LlmAccounting books = LlmAccounting.create(SqliteBackend.open(file))) {
      long recorded = books.report(TimeRange.always()).run().total().calls();
      assertThat(recorded).isEqualTo(Asks.CALLS.get()).isGreaterThanOrEqualTo(answered.get());
    }
  }

  private void ask(URI uri) {
    while (!ended.get()) {
      try {
        int status =
            client
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
        if (status == 200) {
          answered.incrementAndGet();
        }
      } catch (IOException e) {
        return; // the server takes no more
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
