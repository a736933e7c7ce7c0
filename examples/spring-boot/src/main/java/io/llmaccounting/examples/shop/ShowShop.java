package io.llmaccounting.examples.shop;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.TimeRange;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.ZoneOffset;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs the application against a provider on this machine, and shows what comes of it. */
public final class ShowShop {
  private ShowShop() {}

  /** Asks three times, of which the limit allows two, and prints answers and report. */
  public static void main(String[] arguments) throws Exception {
    try (FakeProvider provider = FakeProvider.start();
        ConfigurableApplicationContext shop =
            new SpringApplicationBuilder(Shop.class)
                .run(
                    "--provider=" + provider.uri() + "/v1",
                    "--server.port=0",
                    "--spring.main.banner-mode=off",
                    "--llm.accounting.sqlite.path=" + arguments[0])) {
      String port = shop.getEnvironment().getProperty("local.server.port");
      URI ask = URI.create("http://localhost:" + port + "/ask?question=why");
      HttpClient client = HttpClient.newHttpClient();
      for (int time = 1; time <= 3; time++) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(ask).header("X-User", "alice").build(),
                BodyHandlers.ofString());
        System.out.println(
            "alice asks, %d: %d %s%s"
                .formatted(
                    time,
                    answer.statusCode(),
                    answer
                        .headers()
                        .firstValue("Retry-After")
                        .map(wait -> "(Retry-After: " + wait + ") ")
                        .orElse(""),
                    answer.body()));
      }
      System.out.println(
          shop.getBean(LlmAccounting.class)
              .report(TimeRange.today(ZoneOffset.UTC))
              .by(Dimension.PROJECT, Dimension.USER, Dimension.MODEL)
              .run()
              .table());
    }
  }
}
