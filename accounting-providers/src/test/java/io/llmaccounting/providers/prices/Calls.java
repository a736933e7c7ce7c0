package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.usage.TokenUsage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Calls and catalogs of which a test spells only what matters. */
record Calls(
    Instant at,
    String provider,
    String model,
    String responseModel,
    TokenUsage tokens,
    Map<String, Long> extras,
    String tier,
    boolean batch,
    String region,
    String project) {

  static Calls to(String model) {
    return new Calls(
        Instant.parse("2026-10-01T12:00:00Z"),
        null,
        model,
        null,
        TokenUsage.of(1_000_000, 0),
        Map.of(),
        null,
        false,
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

  Calls at(String instant) {
    return new Calls(
        Instant.parse(instant),
        provider,
        model,
        responseModel,
        tokens,
        extras,
        tier,
        batch,
        region,
        project);
  }

  Calls by(String name) {
    return new Calls(at, name, model, responseModel, tokens, extras, tier, batch, region, project);
  }

  Calls answeredBy(String name) {
    return new Calls(at, provider, model, name, tokens, extras, tier, batch, region, project);
  }

  Calls tokens(TokenUsage usage) {
    return new Calls(
        at, provider, model, responseModel, usage, extras, tier, batch, region, project);
  }

  Calls extras(Map<String, Long> counts) {
    return new Calls(
        at, provider, model, responseModel, tokens, counts, tier, batch, region, project);
  }

  Calls tier(String name) {
    return new Calls(
        at, provider, model, responseModel, tokens, extras, name, batch, region, project);
  }

  Calls batched() {
    return new Calls(
        at, provider, model, responseModel, tokens, extras, tier, true, region, project);
  }

  Calls region(String name) {
    return new Calls(
        at, provider, model, responseModel, tokens, extras, tier, batch, name, project);
  }

  Calls project(String name) {
    return new Calls(at, provider, model, responseModel, tokens, extras, tier, batch, region, name);
  }

  PricedCall call() {
    return new PricedCall(
        at,
        provider,
        model,
        responseModel,
        tokens,
        extras,
        List.of(),
        tier,
        null,
        batch,
        region,
        project);
  }
}
