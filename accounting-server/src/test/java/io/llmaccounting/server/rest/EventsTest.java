package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Recording, listing and adding up over HTTP. */
class EventsTest extends RestTest {
  private HttpResponse<String> record(String key, String... events) throws Exception {
    return scene()
        .ask("POST", "/v1/meter/events", key, "{\"events\":[" + String.join(",", events) + "]}");
  }

  private List<String> statuses(HttpResponse<String> told) {
    return list(told, "results").stream().map(one -> String.valueOf(one.get("status"))).toList();
  }

  @Test
  void recordsAThousandCallsAtOnceAndTheSameAgainChangesNothing() throws Exception {
    String key = scene().key(null, AccessRole.INGEST);
    String[] calls =
        IntStream.range(0, 1_000)
            .mapToObj(
                i ->
                    "{\"key\":\"call-%d\",\"model\":\"m\",\"at\":\"2026-03-02T08:00:00Z\",\"input_tokens\":%d,\"output_tokens\":1}"
                        .formatted(i, i))
            .toArray(String[]::new);

    assertThat(statuses(record(key, calls))).hasSize(1_000).containsOnly("recorded");
    assertThat(statuses(record(key, calls))).hasSize(1_000).containsOnly("duplicate");
    assertThat(scene().accounting.tail(UsageFilter.all(), 2_000)).hasSize(1_000);
  }

  @Test
  void anotherCallUnderTheSameKeyIsAConflict() throws Exception {
    String key = scene().key(null, AccessRole.INGEST);
    record(key, "{\"key\":\"a\",\"model\":\"m\"}");

    HttpResponse<String> told = record(key, "{\"key\":\"a\",\"model\":\"other\"}");

    assertThat(told.statusCode()).isEqualTo(200);
    assertThat(told.body()).contains("\"code\":\"conflict\"");
    assertThat(scene().accounting.tail()).hasSize(1);
  }

  @Test
  void tooManyCallsAndTooLongBodiesAreRefusedWhole() throws Exception {
    String key = scene().key(null, AccessRole.INGEST);
    String call = "{\"model\":\"m\"}";

    HttpResponse<String> many =
        record(key, IntStream.range(0, 1_001).mapToObj(i -> call).toArray(String[]::new));
    HttpResponse<String> large = record(key, "{\"model\":\"" + "m".repeat(5_000_000) + "\"}");
    HttpResponse<String> twice = record(key, "{\"model\":\"m\",\"model\":\"m\"}");

    assertThat(many.statusCode()).isEqualTo(400);
    assertThat(many.body()).contains("from 1 to 1000 entries");
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(code(twice)).isEqualTo("unreadable-body");
    assertThat(scene().accounting.tail()).isEmpty();
  }

  @Test
  void pagesShowEveryCallOnceNewestFirstWhateverComesMeanwhile() throws Exception {
    for (int i = 0; i < 25; i++) {
      call("apollo", "alice", i / 5);
    }
    String key = scene().key(null, AccessRole.READ);
    List<Object> seen = new ArrayList<>();
    String next = "";
    do {
      HttpResponse<String> page = scene().ask("GET", "/v1/meter/events?limit=4" + next, key, null);
      list(page, "events").forEach(event -> seen.add(event.get("id")));
      Object cursor = Json.read(page.body()).get("next");
      next = cursor == null ? "" : "&after=" + cursor;
      call("apollo", "bob", -10);
    } while (!next.isEmpty());

    assertThat(seen)
        .isEqualTo(
            scene().accounting.tail(UsageFilter.all().user("alice"), 100).stream()
                .map(record -> record.usage().id().toString())
                .toList());
    assertThat(scene().ask("GET", "/v1/meter/events?after=bm90aGluZw", key, null).statusCode())
        .isEqualTo(400);
  }

  private void call(String project, String user, int minutesAgo) {
    scene()
        .accounting
        .track()
        .at(scene().clock.instant().minus(Duration.ofMinutes(minutesAgo + 10)))
        .model("gpt-5-mini")
        .provider("openai")
        .inputTokens(100 + minutesAgo)
        .outputTokens(7)
        .attribution(Attribution.NONE.withProject(project).withUser(user))
        .record();
  }

  @Test
  void sumsAreThoseOfReports() throws Exception {
    for (int i = 0; i < 40; i++) {
      call(i % 2 == 0 ? "apollo" : "gemini", i % 3 == 0 ? "alice" : "bob", i * 97);
    }
    ZoneId zone = ZoneId.of("America/St_Johns");
    TimeRange period =
        new TimeRange(scene().clock.instant().minus(Duration.ofDays(30)), scene().clock.instant());
    String key = scene().key(null, AccessRole.READ);
    for (TimeBucket bucket : TimeBucket.values()) {
      long expected =
          scene()
              .accounting
              .report(period)
              .by(Dimension.USER, Dimension.PROJECT)
              .each(bucket, zone)
              .run()
              .total()
              .cost()
              .nanos();

      Map<String, Object> told =
          Json.read(
              scene()
                  .ask(
                      "GET",
                      "/v1/meter/aggregates?by=user&by=project&zone=America/St_Johns&bucket=%s&from=%s&to=%s"
                          .formatted(
                              bucket.name().toLowerCase(java.util.Locale.ROOT),
                              period.from(),
                              period.to()),
                      key,
                      null)
                  .body());

      Map<?, ?> total = (Map<?, ?>) told.get("total");
      assertThat(total.get("cost_nanos").toString()).isEqualTo(Long.toString(expected));
      long rows =
          ((List<?>) told.get("rows"))
              .stream()
                  .map(row -> (Map<?, ?>) ((Map<?, ?>) row).get("totals"))
                  .mapToLong(totals -> Long.parseLong(totals.get("cost_nanos").toString()))
                  .sum();
      assertThat(rows).isEqualTo(expected).isPositive();
    }
  }

  @Test
  void aKeyOfAProjectRecordsSeesAndAddsUpNothingElse() throws Exception {
    call("gemini", "bob", 5);
    String foreign = scene().accounting.tail().get(0).usage().id().toString();
    String key = scene().key("apollo", AccessRole.INGEST, AccessRole.READ);

    HttpResponse<String> recorded =
        record(
            key,
            "{\"model\":\"m\",\"key\":\"k\"}",
            "{\"model\":\"m\",\"project\":\"gemini\"}",
            "{\"model\":\"m\",\"id\":\"" + foreign + "\"}");

    assertThat(statuses(recorded)).containsExactly("recorded", "refused", "recorded");
    assertThat(recorded.body()).contains("other-project").doesNotContain(foreign);
    List<Map<String, Object>> events =
        list(scene().ask("GET", "/v1/meter/events", key, null), "events");
    assertThat(events).hasSize(2).allMatch(event -> "apollo".equals(event.get("project")));
    assertThat(scene().ask("GET", "/v1/meter/events?project=gemini", key, null).statusCode())
        .isEqualTo(403);
    assertThat(scene().ask("GET", "/v1/meter/events?user=bob", key, null).body())
        .contains("\"events\":[]");
    String sums = scene().ask("GET", "/v1/meter/aggregates?by=project", key, null).body();
    assertThat(sums).contains("apollo").doesNotContain("gemini");
    assertThat(scene().ask("GET", "/v1/meter/aggregates?project=gemini", key, null).statusCode())
        .isEqualTo(403);
  }

  @Test
  void whatIsNotKnownOfACallIsNamedInTheFaults() throws Exception {
    HttpResponse<String> told =
        scene()
            .ask(
                "GET",
                "/v1/meter/aggregates?by=colour&bucket=year&limt=3",
                scene().key(null, AccessRole.READ),
                null);

    assertThat(told.statusCode()).isEqualTo(400);
    assertThat(
            list(told, "faults").stream()
                .map(fault -> String.valueOf(fault.get("field")))
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("by/0", "bucket", "limt");
  }
}
