package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.TokenUsage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Calls and catalogs of which a test spells only what matters. */
record PricedCalls(
    Instant at,
    String provider,
    String model,
    String responseModel,
    TokenUsage tokens,
    Map<String, Long> extras,
    String tier,
    boolean batch,
    String region,
    String project,
    String speed) {

  static PricedCalls to(String model) {
    return new PricedCalls(
        Instant.parse("2026-10-01T12:00:00Z"),
        null,
        model,
        null,
        TokenUsage.of(1_000_000, 0),
        Map.of(),
        null,
        false,
        null,
        null,
        null);
  }

  static PriceCatalog catalog(String... rows) {
    return with(PriceCatalog.empty(), rows);
  }

  static PriceCatalog with(PriceCatalog catalog, String... rows) {
    return catalog.with(new ByteArrayInputStream(file(rows).getBytes(StandardCharsets.UTF_8)));
  }

  static String file(String... rows) {
    return "{\"format\": 1, \"prices\": [\n" + String.join(",\n", rows) + "\n]}";
  }

  PricedCalls at(String instant) {
    return new PricedCalls(
        Instant.parse(instant),
        provider,
        model,
        responseModel,
        tokens,
        extras,
        tier,
        batch,
        region,
        project,
        speed);
  }

  PricedCalls by(String name) {
    return new PricedCalls(
        at, name, model, responseModel, tokens, extras, tier, batch, region, project, speed);
  }

  PricedCalls answeredBy(String name) {
    return new PricedCalls(
        at, provider, model, name, tokens, extras, tier, batch, region, project, speed);
  }

  PricedCalls tokens(TokenUsage usage) {
    return new PricedCalls(
        at, provider, model, responseModel, usage, extras, tier, batch, region, project, speed);
  }

  PricedCalls extras(Map<String, Long> counts) {
    return new PricedCalls(
        at, provider, model, responseModel, tokens, counts, tier, batch, region, project, speed);
  }

  PricedCalls tier(String name) {
    return new PricedCalls(
        at, provider, model, responseModel, tokens, extras, name, batch, region, project, speed);
  }

  PricedCalls batched() {
    return new PricedCalls(
        at, provider, model, responseModel, tokens, extras, tier, true, region, project, speed);
  }

  PricedCalls region(String name) {
    return new PricedCalls(
        at, provider, model, responseModel, tokens, extras, tier, batch, name, project, speed);
  }

  PricedCalls project(String name) {
    return new PricedCalls(
        at, provider, model, responseModel, tokens, extras, tier, batch, region, name, speed);
  }

  PricedCalls speed(String name) {
    return new PricedCalls(
        at, provider, model, responseModel, tokens, extras, tier, batch, region, project, name);
  }

  /** The same with parts, whose tokens are in those of the call. */
  PricedCall with(CallPart... parts) {
    return new PricedCall(
        at,
        provider,
        model,
        responseModel,
        tokens,
        extras,
        List.of(parts),
        tier,
        speed,
        batch,
        region,
        project);
  }

  PricedCall call() {
    return with();
  }
}
