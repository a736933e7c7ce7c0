package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances on one store: jobs of each, and all of what is exported. */
class TwoInstancesTest extends RestTest {
  @TempDir Path folder;

  @Override
  UsageBackend backend(ManualClock clock) {
    return SqliteBackend.open(folder.resolve("usage.db"), SqliteSettings.defaults().clock(clock));
  }

  private void record(int calls) {
    for (int i = 0; i < calls; i++) {
      scene()
          .accounting
          .track()
          .at(scene().clock.instant().minusSeconds(i))
          .model("m")
          .key("call " + i)
          .cost(Cost.ofNanos(i + 1))
          .record();
    }
  }

  @Test
  void anotherInstanceDoesNotKnowAJobAndMayHaveOneOfItsOwn() throws Exception {
    record(50);
    String job = scene().doneJob("/v1/manage/jobs/rebuild", null);
    try (RestScene other = new RestScene(this::backend)) {
      String key = other.key(null, AccessRole.MANAGE);
      HttpResponse<String> told = other.ask("GET", "/v1/manage/jobs/" + job, key, null);
      assertThat(told.statusCode()).isEqualTo(404);
      assertThat(told.body()).contains("known to the instance that was asked to start it");
      assertThat(list(other.ask("GET", "/v1/manage/jobs", key, null), "jobs")).isEmpty();
      String own = other.doneJob("/v1/manage/jobs/verify", null);
      Map<String, Object> state =
          Json.read(other.ask("GET", "/v1/manage/jobs/" + own, key, null).body());
      assertThat(state).containsEntry("state", "done");
      assertThat(state.get("result").toString()).contains("clean=true");
    }
  }

  @Test
  void whatIsExportedIsEveryCallOnce() throws Exception {
    record(1_234);
    HttpResponse<String> told =
        scene().ask("GET", "/v1/meter/events/export", scene().key(null, AccessRole.READ), null);
    assertThat(told.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    List<Object> keys = new ArrayList<>();
    told.body().lines().forEach(line -> keys.add(Json.read(line).get("key")));
    assertThat(keys).isEqualTo(IntStream.range(0, 1_234).mapToObj(i -> "call " + i).toList());
    HttpResponse<String> own =
        scene().ask("GET", "/v1/meter/events/export", scene().key("apollo", AccessRole.READ), null);
    assertThat(own.statusCode()).isEqualTo(200);
    assertThat(own.body()).isEmpty();
  }
}
