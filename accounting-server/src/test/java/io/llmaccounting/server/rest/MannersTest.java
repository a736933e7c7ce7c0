package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.server.rest.contract.Contract;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every request, whatever it asks. */
class MannersTest extends RestTest {
  private HttpResponse<String> get(String path) throws Exception {
    return scene().ask("GET", path, scene().key(null, AccessRole.READ), null);
  }

  @Test
  void everyAnswerHasARequestIdTheCallersOwnWhereItIsOne() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(scene().at("/v1/meter/health"))
            .header("X-Request-Id", "order-4711")
            .build();

    HttpResponse<String> told = scene().send(request);

    assertThat(told.headers().firstValue("X-Request-Id")).hasValue("order-4711");
    assertThat(Json.read(told.body())).containsEntry("request_id", "order-4711");
    assertThat(get("/v1/meter/health").headers().firstValue("X-Request-Id").orElseThrow())
        .hasSize(36);
  }

  @Test
  void whatIsNotThereIsSaidInOneShape() throws Exception {
    HttpResponse<String> nothing = get("/v1/meter/helth");
    HttpResponse<String> method =
        scene().ask("DELETE", "/v1/meter/health", scene().key(null, AccessRole.READ), null);
    HttpResponse<String> parameter = get("/v1/meter/health?verbose=1&x=%ff");
    HttpResponse<String> hidden = get("/v1/meter/x/..%2fhealth");

    assertThat(nothing.statusCode()).isEqualTo(404);
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("Allow")).hasValue("GET");
    assertThat(parameter.statusCode()).isEqualTo(400);
    assertThat(list(parameter, "faults"))
        .extracting(fault -> fault.get("field"))
        .containsExactlyInAnyOrder("query", "verbose");
    assertThat(hidden.statusCode()).isEqualTo(400);
    Contract contract = Contract.load();
    for (HttpResponse<String> told : List.of(nothing, method, parameter, hidden)) {
      assertThat(told.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(contract.schema("Problem").check(Json.read(told.body()), "")).isEmpty();
    }
  }

  @Test
  void nothingIsAskedFromOtherPagesUnlessTheyAreNamed() throws Exception {
    HttpRequest preflight =
        HttpRequest.newBuilder(scene().at("/v1/meter/health"))
            .header("Origin", "https://tools.example.com")
            .header("Access-Control-Request-Method", "GET")
            .method("OPTIONS", BodyPublishers.noBody())
            .build();

    HttpResponse<String> told = scene().send(preflight);

    assertThat(told.statusCode()).isEqualTo(405);
    assertThat(told.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void theContractAndItsPagesComeFromHereWithoutScriptsInside() throws Exception {
    HttpResponse<String> contract = scene().ask("GET", "/openapi.yaml", null, null);
    HttpResponse<String> page = scene().ask("GET", "/docs", null, null);

    assertThat(contract.body()).isEqualTo(Contract.load().text());
    assertThat(page.body())
        .contains("<script src=")
        .doesNotContain("<script>", "<style", "onload", "http:", "https:");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe", "http");
    for (String path :
        List.of("/docs/start.js", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css")) {
      assertThat(page.body()).contains('"' + path + '"');
      assertThat(scene().ask("GET", path, null, null).statusCode()).as(path).isEqualTo(200);
      assertThat(scene().ask("HEAD", path, null, null).statusCode()).as(path).isEqualTo(200);
    }
    assertThat(scene().ask("HEAD", "/docs", null, null).headers().map())
        .containsEntry("content-length", page.headers().allValues("content-length"));
    assertThat(scene().ask("POST", "/docs", null, "{}").headers().firstValue("Allow"))
        .hasValue("GET, HEAD");
    assertThat(scene().ask("GET", "/docs/../docs/other", null, null).statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsNotForItIsTheGateways() throws Exception {
    HttpResponse<String> chat = scene().ask("POST", "/v1/chat/completions", null, "{}");
    HttpResponse<String> near = scene().ask("GET", "/v1/meters", null, null);

    assertThat(chat.body()).doesNotContain("urn:llm-accounting");
    assertThat(near.body()).doesNotContain("urn:llm-accounting");
    assertThat(scene().ask("GET", "/health/live", null, null).body()).isEqualTo("live\n");
  }
}
