package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.usage.Cost;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is held for a call that grows. */
class ReservationsTest extends RestTest {
  private String key = "";

  @BeforeEach
  void limit() {
    key = scene().key("apollo", AccessRole.INGEST);
    scene()
        .accounting
        .limits()
        .save(
            Limit.named("a day")
                .project("apollo")
                .cost(Cost.usd("1.00"))
                .rolling(Duration.ofDays(1)));
  }

  private HttpResponse<String> ask(String path, String body) throws Exception {
    return scene().ask("POST", "/v1/meter/reservations" + path, key, body.replace('\'', '"'));
  }

  private String held(String fields) throws Exception {
    return String.valueOf(Json.read(ask("", "{'model':'m'" + fields + "}").body()).get("id"));
  }

  private long heldNanos() {
    return scene().accounting.limits().status().stream().mapToLong(LimitStatus::held).sum();
  }

  @Test
  void statingTheTotalAgainChangesNothingAndASmallerOneLowersNothing() throws Exception {
    String id = held(",'cost':'0.20','user':'alice','tags':{'team':'search'}");
    for (String total : new String[] {"0.30", "0.30", "0.10"}) {
      HttpResponse<String> told = ask("/" + id + "/grow", "{'model':'m','cost':'" + total + "'}");
      assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
      assertThat(Json.read(told.body())).containsEntry("id", id);
      assertThat(told.body()).contains("\"allowed\":true");
      assertThat(heldNanos()).isEqualTo(300_000_000);
    }
  }

  @Test
  void whereThereIsNoRoomWhatWasHeldStays() throws Exception {
    String id = held(",'cost':'0.20'");
    HttpResponse<String> told = ask("/" + id + "/grow", "{'model':'m','cost':'1.01'}");
    assertThat(told.body())
        .contains("\"allowed\":false", "\"limit\":\"a day\"", "\"remaining\":\"0.80\"");
    assertThat(heldNanos()).isEqualTo(200_000_000);
  }

  @Test
  void aTotalOfAnotherCallIsRefusedWithTheFieldThatContradicts() throws Exception {
    String id = held(",'cost':'0.20','user':'alice','tags':{'team':'search'}");
    Map<String, String> wrong =
        Map.of(
            "'model':'n'", "/model",
            "'model':'m','user':'bob'", "/user",
            "'model':'m','provider':'openai'", "/provider",
            "'model':'m','tags':{'team':'ads'}", "/tags/team");
    for (Map.Entry<String, String> one : wrong.entrySet()) {
      HttpResponse<String> told = ask("/" + id + "/grow", "{" + one.getKey() + ",'cost':'0.50'}");
      assertThat(told.statusCode()).as(told.body()).isEqualTo(400);
      assertThat(list(told, "faults"))
          .extracting(fault -> fault.get("field"))
          .containsExactly(one.getValue());
    }
    assertThat(
            ask("/" + id + "/grow", "{'model':'m','project':'gemini','cost':'0.50'}").statusCode())
        .isEqualTo(403);
    assertThat(heldNanos()).isEqualTo(200_000_000);
  }

  @Test
  void whatHasEndedDoesNotGrow() throws Exception {
    String settled = held(",'cost':'0.20'");
    assertThat(ask("/" + settled + "/settle", "{'model':'m','cost':'0.10'}").statusCode())
        .isEqualTo(200);
    String released = held(",'cost':'0.20'");
    assertThat(scene().ask("POST", "/v1/meter/reservations/" + released + "/release", key, null))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(204);
    String total = "{'model':'m','cost':'0.50'}";
    assertThat(ask("/" + settled + "/grow", total).statusCode()).isEqualTo(409);
    assertThat(ask("/" + released + "/grow", total).statusCode()).isEqualTo(404);
    assertThat(heldNanos()).isZero();
  }
}
