package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Cost;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Limits, one by one, that several people change. */
class LimitsTest extends RestTest {
  private static final String PATH = "/v1/manage/limits/named/a%20day";

  private String manager() {
    return scene().key(null, AccessRole.MANAGE);
  }

  private static String limit(String max) {
    return "{\"metric\":\"cost\",\"max\":\"" + max + "\",\"window\":\"rolling PT24H\"}";
  }

  private HttpResponse<String> put(String max, Map<String, String> headers) throws Exception {
    return scene().ask("PUT", PATH, manager(), limit(max), headers);
  }

  private static String tag(HttpResponse<String> told) {
    return told.headers().firstValue("ETag").orElseThrow();
  }

  @Test
  void isMadeChangedAndRemovedByWhoeverKnowsItAsItIs() throws Exception {
    HttpResponse<String> made = put("1.00", Map.of());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(put("2.00", Map.of()).statusCode()).isEqualTo(428);
    HttpResponse<String> changed = put("2.00", Map.of("If-Match", tag(made)));
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(list(changed, "fields"))
        .containsExactly(Map.of("field", "maximum", "from", "$1.00", "to", "$2.00"));
    assertThat(put("3.00", Map.of("If-Match", tag(made))).statusCode()).isEqualTo(412);
    HttpResponse<String> shown = scene().ask("GET", PATH, manager(), null);
    assertThat(tag(shown)).isEqualTo(tag(changed));
    assertThat(scene().ask("DELETE", PATH, manager(), null).statusCode()).isEqualTo(428);
    assertThat(
            scene()
                .ask("DELETE", PATH, manager(), null, Map.of("If-Match", tag(made)))
                .statusCode())
        .isEqualTo(412);
    assertThat(
            scene()
                .ask("DELETE", PATH, manager(), null, Map.of("If-Match", tag(shown)))
                .statusCode())
        .isEqualTo(204);
    assertThat(put("3.00", Map.of("If-Match", tag(shown))).statusCode()).isEqualTo(412);
    assertThat(scene().ask("DELETE", PATH, manager(), null).statusCode()).isEqualTo(404);
    assertThat(scene().accounting.limits().list()).isEmpty();
  }

  @Test
  void whatIsShownCanBeSentBackAndChangesNothing() throws Exception {
    HttpResponse<String> made = put("1.00", Map.of());
    String shown = scene().ask("GET", PATH, manager(), null).body();
    HttpResponse<String> same =
        scene().ask("PUT", PATH, manager(), shown, Map.of("If-Match", tag(made)));
    assertThat(same.statusCode()).as(same.body()).isEqualTo(200);
    assertThat(Json.read(same.body())).containsEntry("change", "unchanged");
    assertThat(tag(same)).isEqualTo(tag(made));
  }

  @Test
  void aDryRunSaysWhatWouldChangeAndChangesNothing() throws Exception {
    HttpResponse<String> created =
        scene().ask("PUT", PATH + "?dry_run=true", manager(), limit("1"));
    assertThat(Json.read(created.body())).containsEntry("change", "created");
    assertThat(scene().accounting.limits().list()).isEmpty();
    put("1.00", Map.of());
    HttpResponse<String> would = scene().ask("PUT", PATH + "?dry_run=true", manager(), limit("5"));
    assertThat(list(would, "fields")).hasSize(1);
    assertThat(scene().accounting.limits().find("a day").orElseThrow().maximum())
        .isEqualTo(Cost.usd("1.00").nanos());
  }

  @Test
  void ofManyThatChangeWhatTheyAllHaveReadOneDoes() throws Exception {
    String known = tag(put("1.00", Map.of()));
    String set = "/v1/manage/limit-sets/team";
    String ofSet = tag(scene().ask("GET", set, manager(), null));
    List<CompletableFuture<Integer>> limits = new ArrayList<>();
    List<CompletableFuture<Integer>> sets = new ArrayList<>();
    for (int i = 2; i < 10; i++) {
      limits.add(putting(PATH, known, limit(i + ".00")));
      sets.add(
          putting(
              set,
              ofSet,
              "{\"set\":\"team\",\"limits\":[{\"name\":\"n\",\"metric\":\"requests\",\"max\":"
                  + i
                  + ",\"rolling\":\"1h\"}]}"));
    }
    assertThat(limits.stream().map(CompletableFuture::join))
        .containsOnlyOnce(200)
        .containsOnly(200, 412);
    assertThat(sets.stream().map(CompletableFuture::join))
        .containsOnlyOnce(200)
        .containsOnly(200, 412);
  }

  private CompletableFuture<Integer> putting(String path, String known, String body) {
    return scene()
        .sending(
            HttpRequest.newBuilder(scene().at(path))
                .PUT(BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + manager())
                .header("If-Match", known)
                .build())
        .thenApply(HttpResponse::statusCode);
  }

  @Test
  void aKeyOfAProjectChangesNoLimitAndCannotTellAForeignOneFromNone() throws Exception {
    scene()
        .accounting
        .limits()
        .save(
            Limit.named("theirs")
                .project("gemini")
                .cost(Cost.usd("1.00"))
                .rolling(Duration.ofDays(1)));
    String own = scene().key("apollo", AccessRole.READ, AccessRole.MANAGE);
    HttpResponse<String> foreign = scene().ask("GET", "/v1/manage/limits/named/theirs", own, null);
    HttpResponse<String> none = scene().ask("GET", "/v1/manage/limits/named/nobodys", own, null);
    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(Json.read(foreign.body().replace("theirs", "X")).get("detail"))
        .isEqualTo(Json.read(none.body().replace("nobodys", "X")).get("detail"));
    for (String name : List.of("theirs", "nobodys")) {
      HttpResponse<String> told =
          scene().ask("PUT", "/v1/manage/limits/named/" + name, own, limit("9.00"));
      assertThat(told.statusCode()).isEqualTo(403);
    }
    assertThat(scene().accounting.limits().list()).hasSize(1);
  }
}
