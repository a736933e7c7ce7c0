package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.usage.Attribution;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An entry before anything was done to its texts, which may hold whatever the caller gave. */
public record Draft(
    UUID id,
    Instant at,
    String type,
    @Nullable String actor,
    @Nullable String outcome,
    @Nullable String model,
    Attribution attribution,
    @Nullable UUID usageId,
    @Nullable String responseId,
    @Nullable String prompt,
    @Nullable String response,
    Map<String, String> attributes) {

  /** An entry about nobody's call. */
  public static Draft of(
      UUID id, Instant at, String type, String outcome, Map<String, String> about) {
    return new Draft(
        id, at, type, null, outcome, null, Attribution.NONE, null, null, null, null, about);
  }

  /** An administrative act of {@code actor}, null where nobody said who does it. */
  public static Draft act(
      UUID id, Instant at, @Nullable String actor, String outcome, Map<String, String> about) {
    return new Draft(
        id,
        at,
        AuditEntry.ADMIN,
        actor,
        outcome,
        null,
        Attribution.NONE,
        null,
        null,
        null,
        null,
        about);
  }
}
