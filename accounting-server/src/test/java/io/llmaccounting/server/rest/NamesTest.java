package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.UsageFilter;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Projects and users that are known, what they spent, and people who are forgotten. */
class NamesTest extends RestTest {
  private HttpResponse<String> ask(String method, String path, String body) throws Exception {
    return scene()
        .ask(
            method,
            path,
            scene().key(null, AccessRole.READ, AccessRole.MANAGE),
            body.isEmpty() ? null : body);
  }

  @Test
  void pagesShowEveryNameOnce() throws Exception {
    List<String> names = IntStream.range(10, 35).mapToObj(i -> "project " + i).toList();
    for (String name : names) {
      assertThat(ask("PUT", "/v1/manage/projects/" + name.replace(" ", "%20"), "{}").statusCode())
          .isEqualTo(201);
    }
    List<Object> seen = new ArrayList<>();
    String next = "";
    do {
      HttpResponse<String> page = ask("GET", "/v1/manage/projects?limit=4" + next, "");
      list(page, "projects").forEach(one -> seen.add(one.get("name")));
      Object cursor = Json.read(page.body()).get("next");
      next = cursor == null ? "" : "&after=" + cursor;
    } while (!next.isEmpty());
    assertThat(seen).isEqualTo(names);
  }

  @Test
  void isArchivedAndTakenBackAndRemoved() throws Exception {
    String path = "/v1/manage/users/alice";
    assertThat(ask("GET", path, "").statusCode()).isEqualTo(404);
    assertThat(ask("PUT", path, "{\"ou\":\"search\"}").statusCode()).isEqualTo(201);
    assertThat(Json.read(ask("PUT", path, "{\"active\":false}").body()))
        .containsEntry("active", false)
        .doesNotContainKey("ou");
    assertThat(list(ask("GET", "/v1/manage/users?active=true", ""), "users")).isEmpty();
    assertThat(Json.read(ask("PUT", path, "{}").body())).containsEntry("active", true);
    assertThat(ask("DELETE", path, "").statusCode()).isEqualTo(204);
    assertThat(ask("DELETE", path, "").statusCode()).isEqualTo(404);
  }

  private void spend(String project, String user, String dollars) {
    scene()
        .accounting
        .track()
        .model("m")
        .cost(Cost.usd(dollars))
        .attribution(Attribution.NONE.withProject(project).withUser(user))
        .record();
  }

  @Test
  void spendIsTheOwnProjectsForAKeyOfOneWhetherOrNotThereIsMore() throws Exception {
    spend("apollo", "alice", "0.000000001");
    spend("gemini", "alice", "5.00");
    String own = scene().key("apollo", AccessRole.READ);
    assertThat(cost(scene().ask("GET", "/v1/manage/users/alice/spend", own, null))).isEqualTo("1");
    assertThat(cost(ask("GET", "/v1/manage/users/alice/spend", ""))).isEqualTo("5000000001");
    for (String name : List.of("gemini", "nobody")) {
      HttpResponse<String> told =
          scene().ask("GET", "/v1/manage/projects/" + name + "/spend", own, null);
      assertThat(told.statusCode()).isEqualTo(403);
      assertThat(told.body()).doesNotContain("gemini");
    }
  }

  private static String cost(HttpResponse<String> told) {
    return String.valueOf(((Map<?, ?>) Json.read(told.body()).get("total")).get("cost_nanos"));
  }

  @Test
  void aPersonIsErasedByAJobAfterAPreviewThatChangesNothing() throws Exception {
    spend("apollo", "alice", "1.00");
    HttpResponse<String> preview =
        ask("POST", "/v1/manage/users/alice/erase", "{\"dry_run\":true}");
    assertThat(preview.statusCode()).isEqualTo(200);
    assertThat(scene().accounting.tail(UsageFilter.all().user("alice"), 10)).hasSize(1);
    String id = scene().doneJob("/v1/manage/users/alice/erase", null);
    Map<String, Object> job = Json.read(ask("GET", "/v1/manage/jobs/" + id, "").body());
    assertThat(job).containsEntry("state", "done").containsEntry("kind", "erase");
    assertThat(job.toString()).doesNotContain("alice").contains("erased-");
    assertThat(scene().accounting.tail(UsageFilter.all().user("alice"), 10)).isEmpty();
    assertThat(cost(ask("GET", "/v1/manage/projects/apollo/spend", ""))).isEqualTo("1000000000");
  }
}
