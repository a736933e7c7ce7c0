package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.Times;
import io.llmaccounting.cli.command.Who;
import io.llmaccounting.json.DurationText;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageFields;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that describe a call that was made. */
final class CallOptions {
  @Option(names = "--model", paramLabel = "MODEL", description = "The model that was asked for.")
  @Nullable String model;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "The provider, such as openai or anthropic.")
  @Nullable String provider;

  @Option(
      names = "--response-model",
      paramLabel = "MODEL",
      description = "The model that answered, where it is another name.")
  @Nullable String responseModel;

  @Option(
      names = "--operation",
      paramLabel = "NAME",
      description = "What was asked of it, such as chat or embeddings.")
  @Nullable String operation;

  @Option(
      names = "--region",
      paramLabel = "NAME",
      description = "Where it was processed, such as us or eu, where that changes the price.")
  @Nullable String region;

  @Mixin TokenOptions tokens = new TokenOptions();

  @Option(
      names = "--cost",
      paramLabel = "USD",
      description = "What it cost, such as 0.002. Without it, it is computed from prices.")
  @Nullable Cost cost;

  @Option(
      names = "--latency",
      paramLabel = "DURATION",
      description = "How long it took, such as 640ms or 1.5s.")
  @Nullable Duration latency;

  @Option(
      names = "--execution-time",
      paramLabel = "SECONDS",
      description = "How long it took, in seconds without a unit.")
  @Nullable BigDecimal executionTime;

  @Option(
      names = "--outcome",
      paramLabel = "succeeded|failed|cancelled|unfinished",
      description = "How it ended. Default: succeeded.")
  @Nullable Outcome outcome;

  @Option(
      names = "--id",
      paramLabel = "KEY",
      description =
          "Recording again under the same key counts once. A UUID of version 7 is taken as the"
              + " record's own id.")
  @Nullable String id;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "When it was made, such as 2026-03-01T12:30:00Z. Default: now.")
  @Nullable String at;

  @Mixin Who who = new Who();

  /** Writes what was given into {@code call}. */
  void into(UsageFields<?> call, ZoneId zone) {
    TokenUsage given = tokens.tokens();
    if (given != null) {
      call.tokens(given);
    }
    if (model != null) {
      call.model(model);
    }
    if (provider != null) {
      call.provider(provider);
    }
    if (responseModel != null) {
      call.responseModel(responseModel);
    }
    if (operation != null) {
      call.operation(operation);
    }
    if (region != null) {
      call.region(region);
    }
    if (cost != null) {
      call.cost(cost);
    }
    if (outcome != null) {
      call.outcome(outcome);
    }
    time(call, zone);
    call.attribution(who.attribution());
  }

  private void time(UsageFields<?> call, ZoneId zone) {
    if (latency != null && executionTime != null) {
      throw new IllegalArgumentException(
          "how long it took must be given once, as --latency or as --execution-time");
    }
    if (latency != null) {
      call.latency(latency);
    } else if (executionTime != null) {
      call.latency(DurationText.ofSeconds(executionTime));
    }
    CallIdentity identity = CallIdentity.of(id, at == null ? null : Times.parse("--at", at, zone));
    identity.into(call);
  }

  /** Values for fields that lines leave out, by the names of these fields. */
  Map<String, ?> asFields() {
    Map<String, Object> fields = new HashMap<>();
    put(fields, "model", model);
    put(fields, "provider", provider);
    put(fields, "operation", operation);
    put(fields, "region", region);
    Attribution given = who.attribution();
    put(fields, "project", given.project());
    put(fields, "user", given.user());
    put(fields, "caller", given.caller());
    put(fields, "session", given.session());
    if (!given.tags().isEmpty()) {
      fields.put("tags", given.tags());
    }
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}
