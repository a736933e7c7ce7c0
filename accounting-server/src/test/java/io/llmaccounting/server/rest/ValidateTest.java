package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import java.net.http.HttpResponse;
import java.time.Duration;
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
}
