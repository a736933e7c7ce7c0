package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
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

  ExampleScenes.Asking prepare(Operation operation) throws Exception {
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
      case "showLimit", "saveLimit", "deleteLimit" -> {
        scenes.limit();
        Map<String, String> known =
            operation.id().equals("showLimit") ? Map.of() : Map.of("If-Match", "*");
        yield new ExampleScenes.Asking("/v1/manage/limits/named/apollo%20a%20day", null, known);
      }
      case "listAlerts" -> {
        Limit unused = scene.accounting.limits().save(ExampleScenes.dayLimit().alertingAt(50));
        scenes.spend();
        yield ExampleScenes.Asking.of(operation.path());
      }
      default ->
          operation.path().matches(".*/(projects|users|jobs).*")
              ? names(operation)
              : prices(operation);
    };
  }

  private ExampleScenes.Asking prices(Operation operation) {
    return switch (operation.id()) {
      case "listPrices" ->
          ExampleScenes.Asking.of(operation.path() + "?model=gpt-5-mini&provider=openai&limit=1");
      case "listUnpriced" -> {
        scene.accounting.track().model("our-own-7b").tokens(TokenUsage.of(10, 20)).record();
        yield ExampleScenes.Asking.of(
            operation.path() + "?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z");
      }
      default -> ExampleScenes.Asking.of(operation.path());
    };
  }

  private ExampleScenes.Asking names(Operation operation) throws Exception {
    boolean added =
        scene.accounting.directory().addProject("apollo")
            && scene
                .accounting
                .directory()
                .add(DirectoryEntry.user("alice").organisationUnit("search"));
    assertThat(added).isTrue();
    scenes.call("order-4711", Duration.ofMinutes(1));
    if (operation.path().contains("/jobs")) {
      return jobs(operation);
    }
    String query =
        operation.id().endsWith("Spend")
            ? "?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z"
            : "";
    String name = operation.path().contains("users") ? "alice" : "apollo";
    return ExampleScenes.Asking.of(operation.path().replace("{name}", name) + query);
  }

  private ExampleScenes.Asking jobs(Operation operation) throws Exception {
    if (operation.method().equals("POST")) {
      return ExampleScenes.Asking.of(operation.path());
    }
    String id = scene.doneJob("/v1/manage/jobs/verify", null);
    return ExampleScenes.Asking.of(operation.path().replace("{id}", id));
  }
}
