package io.llmaccounting.directory;

import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A project or user that the installation knows.
 *
 * @param kind project or user
 * @param name unique within its kind
 * @param organisationUnit where a user belongs, or null
 * @param email how to reach a user, or null
 * @param active false once deactivated: calls under the name are refused where names are enforced
 * @param activatedAt when it was last activated, or null where not known yet
 * @param deactivatedAt when it was last deactivated, or null if never
 */
public record DirectoryEntry(
    Kind kind,
    String name,
    @Nullable String organisationUnit,
    @Nullable String email,
    boolean active,
    @Nullable Instant activatedAt,
    @Nullable Instant deactivatedAt) {

  /** What an entry stands for. */
  public enum Kind {
    /** A project. */
    PROJECT,
    /** A user. */
    USER
  }

  /** Checks the names. */
  public DirectoryEntry {
    Objects.requireNonNull(kind, "kind is required, was null");
    Check.name(kind == Kind.PROJECT ? "project" : "user", name);
    Check.optionalName("organisationUnit", organisationUnit);
    Check.optionalName("email", email);
    activatedAt = activatedAt == null ? null : Check.instant("activatedAt", activatedAt);
    deactivatedAt = deactivatedAt == null ? null : Check.instant("deactivatedAt", deactivatedAt);
  }

  /** An active project. */
  public static DirectoryEntry project(String name) {
    return new DirectoryEntry(Kind.PROJECT, name, null, null, true, null, null);
  }

  /** An active user. */
  public static DirectoryEntry user(String name) {
    return new DirectoryEntry(Kind.USER, name, null, null, true, null, null);
  }

  /** Returns a copy in this organisation unit. */
  public DirectoryEntry organisationUnit(String unit) {
    return new DirectoryEntry(kind, name, unit, email, active, activatedAt, deactivatedAt);
  }

  /** Returns a copy with this e-mail address. */
  public DirectoryEntry email(String address) {
    return new DirectoryEntry(
        kind, name, organisationUnit, address, active, activatedAt, deactivatedAt);
  }

  /** Returns a copy that is active since {@code now}; unchanged if it is active already. */
  public DirectoryEntry activated(Instant now) {
    return active && activatedAt != null
        ? this
        : new DirectoryEntry(kind, name, organisationUnit, email, true, now, deactivatedAt);
  }

  /** Returns a copy that is inactive since {@code now}; unchanged if it is inactive already. */
  public DirectoryEntry deactivated(Instant now) {
    return active
        ? new DirectoryEntry(kind, name, organisationUnit, email, false, activatedAt, now)
        : this;
  }
}
