package io.llmaccounting.server.rest;

import static io.llmaccounting.limit.CalendarUnit.DAY;
import static io.llmaccounting.limit.CalendarUnit.MONTH;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What limits say of a call, and to whom. */
class ValidateTest extends RestTest {
  private HttpResponse<String> ask(String key, String request) throws Exception {
    return scene().ask("POST", "/v1/meter/validate", key, request);
  }

  @Test
  void aLimitThatCountsOthersTellsAKeyOfAProjectNothingButThatThereIsNoRoom() throws Exception {
    scene()
        .accounting
        .limits()
        .save(Limit.named("the secret of all").cost(Cost.usd("1.00")).rolling(Duration.ofDays(1)));
    scene()
        .accounting
        .track()
        .model("m")
        .cost(Cost.usd("0.87"))
        .attribution(Attribution.NONE.withProject("gemini"))
        .record();
    String request = "{\"model\":\"m\",\"cost\":\"0.50\"}";

    HttpResponse<String> confined = ask(scene().key("apollo", AccessRole.READ), request);
    HttpResponse<String> whole = ask(scene().key(null, AccessRole.READ), request);

    assertThat(Json.read(confined.body())).containsEntry("allowed", false);
    assertThat(confined.body()).doesNotContain("secret", "0.87", "0.13", "870000000");
    assertThat(Json.read(whole.body()))
        .containsEntry("limit", "the secret of all")
        .containsEntry("remaining", "0.13")
        .containsEntry("used", "0.87");
  }

  @Test
  void askingHoldsNothing() throws Exception {
    scene().accounting.limits().save(Limit.named("few").requests(1).rolling(Duration.ofDays(1)));
    String key = scene().key(null, AccessRole.INGEST);

    for (int i = 0; i < 3; i++) {
      assertThat(Json.read(ask(key, "{\"model\":\"m\"}").body())).containsEntry("allowed", true);
    }
    assertThat(ask(key, "{\"model\":\"m\",\"cost\":0.5}").statusCode()).isEqualTo(400);
  }

  @Test
  void everyLimitSaysInOneAnswerWhatItAllowsWhetherOrNotItRefuses() throws Exception {
    Limit day = Limit.named("a day").project("apollo").cost(Cost.usd("1.00")).calendar(1, DAY, UTC);
    Limit month =
        Limit.named("a month").project("apollo").cost(Cost.usd("9.00")).calendar(1, MONTH, UTC);
    Limit calls = Limit.named("calls").requests(5).rolling(Duration.ofHours(1));
    scene().accounting.limits().saveAll(List.of(day, month, calls));
    scene()
        .accounting
        .track()
        .model("m")
        .cost(Cost.usd("0.75"))
        .attribution(Attribution.NONE.withProject("apollo"))
        .record();
    String key = scene().key(null, AccessRole.READ);
    for (String cost : List.of("0.10", "0.50")) {
      HttpResponse<String> told =
          ask(key, "{\"model\":\"m\",\"project\":\"apollo\",\"cost\":\"" + cost + "\"}");
      assertThat(Json.read(told.body()))
          .containsEntry("allowed", cost.equals("0.10"))
          .containsEntry("limit", "a day")
          .containsEntry("maximum", "1.00")
          .containsEntry("used", "0.75")
          .containsEntry("remaining", "0.25")
          .containsEntry("resets_at", "2026-03-03T00:00:00Z")
          .containsKey("message");
      assertThat(list(told, "limits"))
          .extracting(
              one -> one.get("limit"),
              one -> one.get("maximum"),
              one -> one.get("used"),
              one -> one.get("remaining"),
              one -> one.get("resets_at"))
          .containsExactlyInAnyOrder(
              tuple("a day", "1.00", "0.75", "0.25", "2026-03-03T00:00:00Z"),
              tuple("a month", "9.00", "0.75", "8.25", "2026-04-01T00:00:00Z"),
              tuple("calls", "5", "1", "4", null));
    }
    String own = scene().key("apollo", AccessRole.READ);
    HttpResponse<String> confined = ask(own, "{\"model\":\"m\",\"cost\":\"0.50\"}");
    assertThat(list(confined, "limits"))
        .extracting(one -> one.get("limit"))
        .containsExactlyInAnyOrder("a day", "a month");
  }
}
