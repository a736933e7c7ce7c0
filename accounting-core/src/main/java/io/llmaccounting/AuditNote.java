package io.llmaccounting;

import io.llmaccounting.internal.audit.Draft;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.usage.Attribution;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the audit log that is about to be written. Project, user, caller and session that it
 * does not name are taken from the defaults. Confined to one thread.
 */
public final class AuditNote {
  private final CallSettings settings;
  private final Function<Draft, UUID> writer;
  private final String type;
  private final Map<String, String> attributes = new TreeMap<>();
  private Attribution attribution = Attribution.NONE;
  private @Nullable Instant at;
  private @Nullable String actor;
  private @Nullable String outcome;
  private @Nullable String model;
  private @Nullable UUID usageId;
  private @Nullable String responseId;
  private @Nullable String prompt;
  private @Nullable String response;

  AuditNote(CallSettings settings, Function<Draft, UUID> writer, String type) {
    this.settings = settings;
    this.writer = writer;
    this.type = type;
  }

  /** Text sent to a model; any length. */
  public AuditNote prompt(String prompt) {
    this.prompt = Objects.requireNonNull(prompt, "prompt is required, was null");
    return this;
  }

  /** Text that a model answered; any length. */
  public AuditNote response(String response) {
    this.response = Objects.requireNonNull(response, "response is required, was null");
    return this;
  }

  /** When it happened; by default now. */
  public AuditNote at(Instant at) {
    this.at = Objects.requireNonNull(at, "at is required, was null");
    return this;
  }

  /** Who did it. */
  public AuditNote actor(String actor) {
    this.actor = actor;
    return this;
  }

  /** What happened, or how it ended; what is above 255 bytes of UTF-8 is cut and marked. */
  public AuditNote outcome(String outcome) {
    this.outcome = Objects.requireNonNull(outcome, "outcome is required, was null");
    return this;
  }

  /** The model concerned. */
  public AuditNote model(String model) {
    this.model = model;
    return this;
  }

  /** To whom it is attributed; tags are not kept. */
  public AuditNote attribution(Attribution attribution) {
    this.attribution = Objects.requireNonNull(attribution, "attribution is required, was null");
    return this;
  }

  /** The project concerned. */
  public AuditNote project(String project) {
    return attribution(attribution.withProject(project));
  }

  /** The person or account concerned. */
  public AuditNote user(String user) {
    return attribution(attribution.withUser(user));
  }

  /** The application or feature concerned. */
  public AuditNote caller(String caller) {
    return attribution(attribution.withCaller(caller));
  }

  /** The conversation or run concerned. */
  public AuditNote session(String session) {
    return attribution(attribution.withSession(session));
  }

  /** The usage record concerned: the id of a call or receipt. */
  public AuditNote usage(UUID id) {
    this.usageId = Objects.requireNonNull(id, "id is required, was null");
    return this;
  }

  /** The provider's id of the answer. */
  public AuditNote responseId(String responseId) {
    this.responseId = responseId;
    return this;
  }

  /** A further name and value, at most 16; what is above 255 bytes of UTF-8 is cut and marked. */
  public AuditNote attribute(String name, String value) {
    attributes.put(name, Objects.requireNonNull(value, "value is required, was null"));
    return this;
  }

  /**
   * Writes the entry; durable when it returns.
   *
   * @return its id
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   * @throws io.llmaccounting.backend.BackendException if it could not be stored
   */
  public UUID write() {
    Instant when = at == null ? settings.now() : at.truncatedTo(ChronoUnit.MICROS);
    return writer.apply(
        new Draft(
            settings.newId(when),
            when,
            type,
            actor,
            outcome,
            model,
            attribution.orElse(settings.defaults()),
            usageId,
            responseId,
            prompt,
            response,
            attributes));
  }
}
