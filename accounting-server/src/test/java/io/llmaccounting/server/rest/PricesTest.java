package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.providers.prices.PriceRow;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What calls cost, and why. */
class PricesTest extends RestTest {
  private HttpResponse<String> get(String path) throws Exception {
    return scene().ask("GET", path, scene().key(null, AccessRole.READ), null);
  }

  @Test
  void pagesShowEveryRowOnceInTheOrderOfLookup() throws Exception {
    List<Object> seen = new ArrayList<>();
    String next = "";
    do {
      HttpResponse<String> page = get("/v1/manage/prices?limit=100" + next);
      list(page, "prices").forEach(one -> seen.add(one.get("id")));
      Object cursor = Json.read(page.body()).get("next");
      next = cursor == null ? "" : "&after=" + cursor;
    } while (!next.isEmpty());
    assertThat(seen).isEqualTo(PriceCatalog.bundled().rows().stream().map(PriceRow::id).toList());
    assertThat(get("/v1/manage/prices?after=bm90aGluZw").statusCode()).isEqualTo(400);
  }

  @Test
  void aCallIsExplainedByItsPartsAndByTheLimitThatWouldRefuseIt() throws Exception {
    scene()
        .accounting
        .limits()
        .save(Limit.named("few").cost(Cost.usd("0.001")).rolling(Duration.ofDays(1)));
    HttpResponse<String> told =
        scene()
            .ask(
                "POST",
                "/v1/meter/explain",
                scene().key("apollo", AccessRole.READ),
                """
                {"model": "gpt-5-mini", "provider": "openai", "input_tokens": 3000, "output_tokens": 300,
                 "parts": [{"kind": "tool", "model": "gpt-5-mini", "provider": "openai", "input_tokens": 1000}]}""");
    Map<String, Object> price = object(Json.read(told.body()), "price");
    assertThat(price).as(told.body()).containsEntry("known", true).containsEntry("cost", "0.00135");
    assertThat(price.get("parts").toString()).contains("0.00025");
    assertThat(object(Json.read(told.body()), "verdict")).containsEntry("allowed", false);
    assertThat(told.body()).doesNotContain("few");
    assertThat(scene().accounting.tail()).isEmpty();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Map<String, Object> from, String name) {
    return (Map<String, Object>) from.get(name);
  }

  @Test
  void aRecordedCallOfAnotherProjectIsNotThere() throws Exception {
    UUID id =
        scene()
            .accounting
            .track()
            .model("gpt-5-mini")
            .attribution(Attribution.NONE.withProject("gemini"))
            .record()
            .id();
    String own = scene().key("apollo", AccessRole.READ);
    for (String more : List.of("", "/explain")) {
      HttpResponse<String> foreign = scene().ask("GET", "/v1/meter/events/" + id + more, own, null);
      UUID none = scene().accounting.newId();
      HttpResponse<String> nothing =
          scene().ask("GET", "/v1/meter/events/" + none + more, own, null);
      assertThat(foreign.statusCode()).isEqualTo(404);
      assertThat(Json.read(foreign.body().replace(id.toString(), "ID")).get("detail"))
          .isEqualTo(Json.read(nothing.body().replace(none.toString(), "ID")).get("detail"));
    }
    assertThat(get("/v1/meter/events/" + id).statusCode()).isEqualTo(200);
  }
}
