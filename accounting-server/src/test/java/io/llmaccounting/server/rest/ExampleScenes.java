package io.llmaccounting.server.rest;

import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is there before an example is asked, and with which values. */
final class ExampleScenes {

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

  Asking prepare(Operation operation) throws Exception {
    return switch (operation.id()) {
      case "listEvents" -> {
        call("order-4710", Duration.ofMinutes(2));
        call("order-4711", Duration.ofMinutes(1));
        yield Asking.of("/v1/meter/events?user=alice&from=2026-03-01T00:00:00Z&limit=1");
      }
      case "exportEvents" -> {
        call("order-4711", Duration.ofMinutes(1));
        yield Asking.of("/v1/meter/events/export?user=alice");
      }
      case "showEvent", "explainEvent" -> {
        call("order-4711", Duration.ofMinutes(1));
        UUID id = scene.accounting.tail().get(0).usage().id();
        yield Asking.of(operation.path().replace("{id}", id.toString()));
      }
      case "explainCall" -> {
        limit();
        yield Asking.of(operation.path());
      }
      case "getAggregates", "getAggregatesSheet" -> {
        call("order-4711", Duration.ofMinutes(1));
        yield Asking.of(
            operation.path()
                + "?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z&by=user"
                + "&bucket=day&zone=Europe/Berlin");
      }
      case "validate", "reserve", "listLimits", "limitStatus" -> {
        limit();
        yield Asking.of(operation.path());
      }
      case "grow" -> {
        limit();
        CallRequest call =
            CallRequest.to("gpt-5-mini")
                .provider("openai")
                .project("apollo")
                .user("alice")
                .cost(Cost.usd("0.20"));
        UUID id = scene.accounting.quotas().reserve(call).hold().orElseThrow().id();
        yield Asking.of(operation.path().replace("{id}", id.toString()));
      }
      case "settle", "release", "renew" -> {
        CallRequest call =
            CallRequest.to("gpt-5-mini")
                .provider("openai")
                .attribution(Attribution.NONE.withProject("apollo").withUser("alice"));
        UUID id = scene.accounting.quotas().reserve(call).hold().orElseThrow().id();
        yield Asking.of(operation.path().replace("{id}", id.toString()));
      }
      default -> new ManageScenes(scene, this).prepare(operation);
    };
  }

  static Limit dayLimit() {
    return Limit.named("apollo a day")
        .project("apollo")
        .cost(Cost.usd("1.00"))
        .calendar(1, CalendarUnit.DAY, ZoneOffset.UTC);
  }

  void limit() {
    scene.accounting.limits().save(dayLimit());
    spend();
  }

  void spend() {
    scene
        .accounting
        .track()
        .model("gpt-5-mini")
        .cost(Cost.usd("0.70"))
        .attribution(Attribution.NONE.withProject("apollo"))
        .record();
  }

  void call(String key, Duration ago) {
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
