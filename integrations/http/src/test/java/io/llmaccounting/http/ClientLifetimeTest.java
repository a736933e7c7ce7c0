package io.llmaccounting.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Outcome;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a metered client of the JDK ends, from the JDK on whose clients have an end. */
class ClientLifetimeTest {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  private final FakeProvider provider = FakeProvider.start();
  private final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.create()).withoutShutdownHook().build();
  private final HttpClient bare = HttpClient.newHttpClient();
  private final HttpClient metered = MeteredHttpClient.of(bare, accounting);

  @AfterEach
  void close() {
    accounting.close();
    provider.close();
  }

  private static Object told(HttpClient client, String method) throws Exception {
    return HttpClient.class.getMethod(method).invoke(client);
  }

  private static void assumeClientsEnd() {
    assumeThat(Runtime.version().feature()).as("clients with an end").isGreaterThanOrEqualTo(21);
  }

  private String ask() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(provider.uri().resolve(CHAT.path(false)))
            .POST(BodyPublishers.ofString(CHAT.request("Hi", 100, false)))
            .build();
    return metered.send(request, BodyHandlers.ofString()).body();
  }

  @Test
  void closingItClosesTheClientThatWasGiven() throws Exception {
    assumeClientsEnd();
    assertThat(ask()).isEqualTo(CHAT.answerText());

    told(metered, "close");

    assertThat(told(bare, "isTerminated")).isEqualTo(true);
    assertThat(told(metered, "isTerminated")).isEqualTo(true);
  }

  @Test
  void whatIsAskedOfAClientThatWasShutDownIsAFailedRecord() throws Exception {
    assumeClientsEnd();
    told(metered, "shutdown");

    assertThatThrownBy(this::ask).isInstanceOf(IOException.class);

    assertThat(accounting.tail().get(0).usage().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void shuttingItDownAtOnceEndsTheClientThatWasGiven() throws Exception {
    assumeClientsEnd();
    told(metered, "shutdownNow");

    Object ended =
        HttpClient.class
            .getMethod("awaitTermination", Duration.class)
            .invoke(metered, Duration.ofSeconds(20));

    assertThat(ended).isEqualTo(true);
    assertThat(told(bare, "isTerminated")).isEqualTo(true);
  }

  @Test
  void whereClientsHaveNoEndItGoesOn() throws Exception {
    assumeThat(Runtime.version().feature()).as("clients without an end").isLessThan(21);
    MeteredHttpClient endless = (MeteredHttpClient) metered;

    endless.shutdown();
    endless.shutdownNow();
    endless.close();

    assertThat(endless.isTerminated()).isFalse();
    assertThat(endless.awaitTermination(Duration.ZERO)).isTrue();
    assertThat(ask()).isEqualTo(CHAT.answerText());
  }
}
