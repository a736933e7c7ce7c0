package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.server.config.RequestRates;
import io.llmaccounting.server.config.RestSettings;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Pages that may ask, and callers that ask too often. */
class AskedFromElsewhereTest extends RestTest {
  @Override
  RestSettings settings() {
    return new RestSettings(true, Set.of("https://tools.example.com"));
  }

  @Override
  RequestRates rates() {
    return new RequestRates(0, 1);
  }

  private HttpResponse<String> from(String origin) throws Exception {
    return scene()
        .send(
            HttpRequest.newBuilder(scene().at("/v1/meter/health"))
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET")
                .method("OPTIONS", BodyPublishers.noBody())
                .build());
  }

  @Test
  void onlyPagesThatAreNamedMayAsk() throws Exception {
    HttpResponse<String> named = from("https://tools.example.com");

    assertThat(named.statusCode()).isEqualTo(204);
    assertThat(named.headers().firstValue("Access-Control-Allow-Origin"))
        .hasValue("https://tools.example.com");
    assertThat(from("https://tools.example.com.evil.example").headers().map())
        .doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void aKeyThatAsksTooOftenIsToldWhenItMayAgain() throws Exception {
    String key = scene().key(null, AccessRole.READ);
    List<CompletableFuture<HttpResponse<String>>> told = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      told.add(scene().asking("GET", "/v1/meter/health", key));
    }

    CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)).join();

    HttpResponse<String> refused =
        told.stream()
            .map(CompletableFuture::join)
            .filter(one -> one.statusCode() == 429)
            .findFirst()
            .orElseThrow();
    assertThat(code(refused)).isEqualTo("too-many-requests");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
  }
}
