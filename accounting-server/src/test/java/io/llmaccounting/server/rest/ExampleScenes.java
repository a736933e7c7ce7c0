package io.llmaccounting.server.rest;

import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is there before an example is asked, and with which values. */
final class ExampleScenes {
  private static final Instant EXPIRY = Instant.parse("2026-12-31T00:00:00Z");

  private final RestScene scene;

  /**
   * How an example is asked.
   *
   * @param path path and query
   * @param project the project of the key, or null
   * @param headers further headers
   */
  record Asking(String path, @Nullable String project, Map<String, String> headers) {
    static Asking of(String path) {
      return new Asking(path, null, Map.of());
    }
  }

  ExampleScenes(RestScene scene) {
    this.scene = scene;
  }

  Asking prepare(Operation operation, String name) {
    return switch (operation.id()) {
      case "listEvents" -> {
        call("order-4710", Duration.ofMinutes(2));
        call("order-4711", Duration.ofMinutes(1));
        yield Asking.of("/v1/meter/events?user=alice&from=2026-03-01T00:00:00Z&limit=1");
      }
      case "getAggregates" -> {
        call("order-4711", Duration.ofMinutes(1));
        yield Asking.of(
            "/v1/meter/aggregates?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z&by=user"
                + "&bucket=day&zone=Europe/Berlin");
      }
      case "validate", "reserve", "listLimits", "limitStatus" -> {
        limit();
        yield Asking.of(operation.path());
      }
      case "listDenials" -> {
        limit();
        Decision unused =
            scene
                .accounting
                .quotas()
                .reserve(CallRequest.to("gpt-5-mini").project("apollo").cost(Cost.usd("0.40")))
                .decision();
        yield Asking.of(operation.path());
      }
      case "listAudit" -> {
        limit();
        yield Asking.of("/v1/manage/audit?type=admin&limit=1");
      }
      case "settle", "release", "renew" -> {
        CallRequest call =
            CallRequest.to("gpt-5-mini")
                .provider("openai")
                .attribution(Attribution.NONE.withProject("apollo").withUser("alice"));
        UUID id = scene.accounting.quotas().reserve(call).hold().orElseThrow().id();
        yield Asking.of(operation.path().replace("{id}", id.toString()));
      }
      case "showLimitSet", "applyLimitSet" -> {
        LimitSetDiff unused =
            scene.accounting.limits().apply(new LimitSet("team", List.of(dayLimit())));
        yield Asking.of(operation.path().replace("{name}", "team"));
      }
      case "listKeys", "showKey", "changeKey", "revokeKey", "rotateKey" -> {
        UUID id =
            scene
                .accounting
                .access()
                .issue(AccessTerms.named("ci").withProject("apollo").withExpiry(EXPIRY))
                .key()
                .id();
        Map<String, String> headers =
            operation.id().equals("changeKey") ? Map.of("If-Match", "*") : Map.of();
        String query = operation.id().equals("listKeys") ? "?project=apollo" : "";
        yield new Asking(operation.path().replace("{id}", id.toString()) + query, null, headers);
      }
      default -> Asking.of(operation.path());
    };
  }

  private static Limit dayLimit() {
    return Limit.named("apollo a day")
        .project("apollo")
        .cost(Cost.usd("1.00"))
        .calendar(1, CalendarUnit.DAY, ZoneOffset.UTC);
  }

  private void limit() {
    scene.accounting.limits().save(dayLimit());
    scene
        .accounting
        .track()
        .model("gpt-5-mini")
        .cost(Cost.usd("0.70"))
        .attribution(Attribution.NONE.withProject("apollo"))
        .record();
  }

  private void call(String key, Duration ago) {
    scene
        .accounting
        .track()
        .key(key)
        .at(ManualClock.START.minus(ago))
        .provider("openai")
        .model("gpt-5-mini")
        .tokens(TokenUsage.cacheIncluded().input(1200).cacheRead(1000).output(300).build())
        .attribution(Attribution.NONE.withProject("apollo").withUser("alice"))
        .latency(Duration.ofMillis(1_250))
        .record();
  }
}
