package io.llmaccounting.server.rest;

import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.usage.Cost;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What is there before an example of managing is asked, and with which values. */
final class ManageScenes {
  private static final Instant EXPIRY = Instant.parse("2026-12-31T00:00:00Z");

  private final RestScene scene;
  private final ExampleScenes scenes;

  ManageScenes(RestScene scene, ExampleScenes scenes) {
    this.scene = scene;
    this.scenes = scenes;
  }

  ExampleScenes.Asking prepare(Operation operation) {
    return switch (operation.id()) {
      case "listDenials" -> {
        scenes.limit();
        Decision unused =
            scene
                .accounting
                .quotas()
                .reserve(CallRequest.to("gpt-5-mini").project("apollo").cost(Cost.usd("0.40")))
                .decision();
        yield ExampleScenes.Asking.of(operation.path());
      }
      case "listAudit" -> {
        scenes.limit();
        yield ExampleScenes.Asking.of("/v1/manage/audit?type=admin&limit=1");
      }
      case "showLimitSet", "applyLimitSet" -> {
        LimitSetDiff unused =
            scene
                .accounting
                .limits()
                .apply(new LimitSet("team", List.of(ExampleScenes.dayLimit())));
        yield ExampleScenes.Asking.of(operation.path().replace("{name}", "team"));
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
        yield new ExampleScenes.Asking(
            operation.path().replace("{id}", id.toString()) + query, null, headers);
      }
      default -> ExampleScenes.Asking.of(operation.path());
    };
  }
}
