package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.usage.Attribution;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An entry whose texts are still as the caller gave them: neither redacted nor cut. */
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

  /** An entry that is about no call. */
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
