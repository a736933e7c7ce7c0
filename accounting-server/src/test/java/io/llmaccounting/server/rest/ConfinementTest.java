package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Cost;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What belongs to another project can be neither seen nor changed, whatever is asked. */
class ConfinementTest extends RestTest {
  private String own() {
    return scene().key("apollo", AccessRole.INGEST, AccessRole.READ, AccessRole.MANAGE);
  }

  private HttpResponse<String> ask(String method, String path, String body) throws Exception {
    return scene().ask(method, path, own(), body.isEmpty() ? null : body);
  }

  @Test
  void aReservationOfAnotherProjectIsNotThere() throws Exception {
    UUID foreign =
        scene()
            .accounting
            .quotas()
            .reserve(CallRequest.to("m").project("gemini"))
            .hold()
            .orElseThrow()
            .id();
    UUID nobodys = scene().accounting.newId();

    for (String what : List.of("release", "renew", "settle", "grow")) {
      String body = what.startsWith("re") ? "" : "{\"model\":\"m\"}";
      HttpResponse<String> there =
          ask("POST", "/v1/meter/reservations/" + foreign + "/" + what, body);
      HttpResponse<String> nowhere =
          ask("POST", "/v1/meter/reservations/" + nobodys + "/" + what, body);

      assertThat(there.statusCode()).isEqualTo(404);
      assertThat(same(there, foreign)).isEqualTo(same(nowhere, nobodys));
    }
    assertThat(scene().accounting.admin().openHolds()).hasSize(1);
    assertThat(scene().accounting.tail()).isEmpty();
  }

  private static Map<String, Object> same(HttpResponse<String> told, UUID id) {
    Map<String, Object> problem =
        new java.util.TreeMap<>(Json.read(told.body().replace(id.toString(), "ID")));
    problem.remove("request_id");
    return problem;
  }

  @Test
  void aReservationOfTheOwnProjectIsMadeAndSettledThere() throws Exception {
    HttpResponse<String> held =
        ask("POST", "/v1/meter/reservations", "{\"model\":\"m\",\"cost\":\"0.10\"}");
    Object id = Json.read(held.body()).get("id");

    HttpResponse<String> settled =
        ask(
            "POST",
            "/v1/meter/reservations/" + id + "/settle",
            "{\"model\":\"m\",\"cost\":\"0.07\"}");

    assertThat(Json.read(settled.body()))
        .containsEntry("status", "recorded")
        .containsEntry("cost", "0.07");
    assertThat(scene().accounting.tail().get(0).usage().attribution().project())
        .isEqualTo("apollo");
    assertThat(scene().accounting.admin().openHolds()).isEmpty();
    assertThat(
            ask("POST", "/v1/meter/reservations", "{\"model\":\"m\",\"project\":\"gemini\"}")
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void aKeyOfAnotherProjectCanBeNeitherSeenNorChanged() throws Exception {
    AccessKey foreign =
        scene().accounting.access().issue(AccessTerms.named("theirs").withProject("gemini")).key();
    String path = "/v1/manage/keys/" + foreign.id();

    assertThat(ask("GET", path, "").statusCode()).isEqualTo(404);
    assertThat(ask("DELETE", path, "").statusCode()).isEqualTo(404);
    assertThat(ask("POST", path + "/rotate", "{}").statusCode()).isEqualTo(404);
    HttpResponse<String> changed =
        scene()
            .ask(
                "PUT",
                path,
                own(),
                "{\"name\":\"mine\",\"roles\":[\"call\"]}",
                Map.of("If-Match", "*"));
    assertThat(changed.statusCode()).isEqualTo(404);
    assertThat(ask("GET", "/v1/manage/keys", "").body()).doesNotContain("theirs", "gemini");
    assertThat(ask("GET", "/v1/manage/keys?project=gemini", "").statusCode()).isEqualTo(403);
    assertThat(
            ask(
                    "POST",
                    "/v1/manage/keys",
                    "{\"name\":\"x\",\"project\":\"gemini\",\"roles\":[\"read\"]}")
                .statusCode())
        .isEqualTo(403);
    assertThat(scene().accounting.access().find(foreign.id())).contains(foreign);
  }

  @Test
  void aKeyThatAConfinedKeyMakesIsConfinedToo() throws Exception {
    HttpResponse<String> made =
        ask("POST", "/v1/manage/keys", "{\"name\":\"new\",\"roles\":[\"manage\"]}");

    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(scene().accounting.access().list(AccessKeyQuery.first(100)))
        .filteredOn(key -> key.name().equals("new"))
        .extracting(AccessKey::project)
        .containsExactly("apollo");
  }

  @Test
  void limitsAndDenialsAreTheOwnProjects() throws Exception {
    for (String project : List.of("apollo", "gemini")) {
      scene()
          .accounting
          .limits()
          .save(
              Limit.named("of " + project)
                  .project(project)
                  .cost(Cost.usd("1.00"))
                  .rolling(Duration.ofDays(1)));
      scene()
          .accounting
          .quotas()
          .reserve(CallRequest.to("m").project(project).cost(Cost.usd("2.00")));
    }

    for (String path :
        List.of(
            "/v1/manage/limits",
            "/v1/manage/limits/status",
            "/v1/manage/denials",
            "/v1/manage/audit")) {
      assertThat(ask("GET", path, "").body()).as(path).doesNotContain("gemini");
    }
    assertThat(ask("GET", "/v1/manage/denials", "").body()).contains("of apollo");
  }

  @Test
  void aChangeThatOthersMadeMeanwhileIsNotLost() throws Exception {
    String manager = scene().key(null, AccessRole.MANAGE);
    AccessKey key = scene().accounting.access().issue(AccessTerms.named("ci")).key();
    String path = "/v1/manage/keys/" + key.id();
    String terms = "{\"name\":\"ci\",\"user\":\"alice\",\"roles\":[\"call\"]}";
    String tag = scene().ask("GET", path, manager, null).headers().firstValue("ETag").orElseThrow();

    assertThat(scene().ask("PUT", path, manager, terms).statusCode()).isEqualTo(428);
    assertThat(scene().ask("PUT", path, manager, terms, Map.of("If-Match", tag)).statusCode())
        .isEqualTo(200);
    HttpResponse<String> late = scene().ask("PUT", path, manager, terms, Map.of("If-Match", tag));
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(code(late)).isEqualTo("changed-meanwhile");
  }

  @Test
  void aSetOfLimitsIsTriedBeforeItIsApplied() throws Exception {
    String manager = scene().key(null, AccessRole.MANAGE);
    String set =
        "{\"set\":\"team\",\"limits\":[{\"name\":\"a month\",\"metric\":\"cost\",\"max\":5,\"calendar\":\"1 month\"}]}";
    String path = "/v1/manage/limit-sets/team";

    String tried = scene().ask("PUT", path + "?dry_run=true", manager, set).body();
    assertThat(scene().accounting.limits().list()).isEmpty();
    String done = scene().ask("PUT", path, manager, set).body();

    assertThat(done).isEqualTo(tried).contains("created");
    assertThat(scene().accounting.limits().ownedBy("team").limits()).hasSize(1);
    assertThat(scene().ask("PUT", path, manager, set.replace("month\"}", "moth\"}")).statusCode())
        .isEqualTo(400);
    assertThat(scene().ask("PUT", path, manager, set, Map.of("If-Match", "\"other\"")).statusCode())
        .isEqualTo(412);
  }
}
