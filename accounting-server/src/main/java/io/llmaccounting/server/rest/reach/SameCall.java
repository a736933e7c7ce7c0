package io.llmaccounting.server.rest.reach;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Completes what is said of a call under way by what room was held for. */
final class SameCall {
  private final CallRequest held;

  SameCall(CallRequest held) {
    this.held = held;
  }

  /**
   * What is expected of the whole call; what {@code total} leaves open is as it was held.
   *
   * @throws IllegalArgumentException naming what contradicts the hold
   */
  CallRequest complete(CallRequest total) {
    Attribution was = held.attribution();
    Attribution who = total.attribution();
    String unused = same("model", total.model(), held.model());
    return new CallRequest(
        held.model(),
        same("provider", total.provider(), held.provider()),
        same("operation", total.operation(), held.operation()),
        new Attribution(
            same("project", who.project(), was.project()),
            same("user", who.user(), was.user()),
            same("caller", who.caller(), was.caller()),
            same("session", who.session(), was.session()),
            tags(who.tags(), was.tags())),
        total.inputTokens(),
        total.maxOutputTokens(),
        total.cost(),
        total.serviceTier(),
        total.batch(),
        total.region(),
        null,
        null,
        total.asked());
  }

  private static Map<String, String> tags(Map<String, String> given, Map<String, String> was) {
    new TreeMap<>(given)
        .forEach(
            (name, value) -> {
              String unused = same("tags/" + name, value, was.get(name));
            });
    return was;
  }

  private static @Nullable String same(String field, @Nullable String given, @Nullable String was) {
    if (given != null && !given.equals(was)) {
      throw new IllegalArgumentException(
          "%s must be %s, as room was held, was \"%s\""
              .formatted(field, was == null ? "left out" : '"' + was + '"', given));
    }
    return was;
  }
}
