package io.llmaccounting.audit;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.UsageId;
import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the audit trail. Never changed once it is written, except where a person's data is
 * erased from it.
 *
 * @param id a UUID of version 7 that carries the millisecond of {@code at}
 * @param at when it happened, microsecond precision
 * @param type {@link #PROMPT}, {@link #RESPONSE}, {@link #EVENT}, {@link #DENIAL}, {@link #ADMIN},
 *     {@link #CHECKPOINT}, {@link #ERASURE} or a word of the caller's
 * @param actor who did it, or null
 * @param outcome how it ended, or null
 * @param model the model concerned, or null
 * @param attribution project, user, caller and session concerned; tags are not kept
 * @param usageId the usage record concerned, or null
 * @param responseId the provider's id of the answer, or null
 * @param prompt text sent, or null
 * @param response text received, or null
 * @param attributes at most 16 further names and values
 * @param marks what was done to texts before they were written: {@code prompt.cut} with the bytes
 *     of UTF-8 that the full text had, {@code prompt.repaired} with the number of characters that
 *     no database stores and that were replaced, {@code prompt.withheld} where the redactor failed,
 *     {@code prompt.erased} where the text left with a person's data; the same for {@code
 *     response}, and for {@code attributes} with the sums over their values
 */
public record AuditEntry(
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
    Map<String, String> attributes,
    Map<String, Long> marks) {

  /** Text sent to a model. */
  public static final String PROMPT = "prompt";

  /** Text that a model answered. */
  public static final String RESPONSE = "response";

  /** Anything else that happened. */
  public static final String EVENT = "event";

  /** A call that a limit had no room for. */
  public static final String DENIAL = "denial";

  /** Says up to where retention has removed the beginnings of streams. */
  public static final String CHECKPOINT = "checkpoint";

  /** Says what entries are since a person's data was erased from them. */
  public static final String ERASURE = "erasure";

  /** An administrative act: a limit changed, counters rebuilt, data purged, prices applied. */
  public static final String ADMIN = "admin";

  /** Checks the names and instants. */
  public AuditEntry {
    at = Check.instant("at", at);
    UsageId.requireFor(id, at);
    Check.name("type", type);
    Check.optionalName("actor", actor);
    Check.optionalName("outcome", outcome);
    Check.optionalName("model", model);
    Objects.requireNonNull(attribution, "attribution is required, was null");
    attribution =
        new Attribution(
            attribution.project(),
            attribution.user(),
            attribution.caller(),
            attribution.session(),
            Map.of());
    Check.optionalName("responseId", responseId);
    storable("prompt", prompt);
    storable("response", response);
    attributes = Check.tags("attributes", attributes);
    marks = Check.counts("marks", marks);
  }

  /** An administrative act. */
  public static AuditEntry admin(UUID id, Instant at, String outcome, Map<String, String> about) {
    return new AuditEntry(
        id,
        at,
        ADMIN,
        null,
        outcome,
        null,
        Attribution.NONE,
        null,
        null,
        null,
        null,
        about,
        Map.of());
  }

  private static void storable(String field, @Nullable String text) {
    if (text != null) {
      Check.storable(field, text);
    }
  }
}
