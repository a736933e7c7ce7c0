package io.llmaccounting.audit;

import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.validation.Check;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which entries to read, newest first. Null parts do not narrow.
 *
 * @param period entries with {@code at} inside
 * @param type only this type
 * @param caller only this application or feature
 * @param project only this project
 * @param user only this user
 * @param model only this model
 * @param session only this session
 * @param usageId only about this usage record
 * @param before only entries that come after this one in reading order, for paging: the id of the
 *     last entry of the page before
 * @param limit at most so many, 1 to 10,000
 */
public record AuditQuery(
    TimeRange period,
    @Nullable String type,
    @Nullable String caller,
    @Nullable String project,
    @Nullable String user,
    @Nullable String model,
    @Nullable String session,
    @Nullable UUID usageId,
    @Nullable UUID before,
    int limit) {

  /** Checks the limit. */
  public AuditQuery {
    Objects.requireNonNull(period, "period is required, was null");
    Check.range("limit", limit, 1, 10_000);
  }

  /** The newest {@code limit} entries of any kind. */
  public static AuditQuery latest(int limit) {
    return new AuditQuery(
        TimeRange.always(), null, null, null, null, null, null, null, null, limit);
  }

  /** Returns a copy narrowed to one type. */
  public AuditQuery ofType(String type) {
    return new AuditQuery(
        period, type, caller, project, user, model, session, usageId, before, limit);
  }

  /** Returns a copy narrowed to a period. */
  public AuditQuery in(TimeRange period) {
    return new AuditQuery(
        period, type, caller, project, user, model, session, usageId, before, limit);
  }

  /** Returns a copy narrowed to a session. */
  public AuditQuery session(String session) {
    return new AuditQuery(
        period, type, caller, project, user, model, session, usageId, before, limit);
  }

  /** Returns a copy narrowed to an application or feature. */
  public AuditQuery caller(String caller) {
    return new AuditQuery(
        period, type, caller, project, user, model, session, usageId, before, limit);
  }

  /** Returns a copy narrowed to a project. */
  public AuditQuery project(String project) {
    return new AuditQuery(
        period, type, caller, project, user, model, session, usageId, before, limit);
  }

  /** Returns a copy narrowed to a user. */
  public AuditQuery user(String user) {
    return new AuditQuery(
        period, type, caller, project, user, model, session, usageId, before, limit);
  }

  /** Returns a copy narrowed to a model. */
  public AuditQuery model(String model) {
    return new AuditQuery(
        period, type, caller, project, user, model, session, usageId, before, limit);
  }

  /** Returns a copy narrowed to what is about one usage record. */
  public AuditQuery usageId(UUID usageId) {
    return new AuditQuery(
        period, type, caller, project, user, model, session, usageId, before, limit);
  }

  /** The page that follows the one ending with the entry {@code id}. */
  public AuditQuery after(UUID id) {
    return new AuditQuery(period, type, caller, project, user, model, session, usageId, id, limit);
  }
}
