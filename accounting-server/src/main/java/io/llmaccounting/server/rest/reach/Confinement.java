package io.llmaccounting.server.rest.reach;

import io.llmaccounting.access.AccessKey;
import org.jspecify.annotations.Nullable;

/**
 * The project that a key is confined to.
 *
 * @param project its name, or null where the key reaches all
 */
record Confinement(@Nullable String project) {
  static Confinement of(@Nullable AccessKey key) {
    return new Confinement(key == null ? null : key.project());
  }

  /** Whether what belongs to {@code other} is within reach. */
  boolean isOwn(@Nullable String other) {
    return project == null || project.equals(other);
  }

  /**
   * Requires that all projects are within reach.
   *
   * @throws OtherProjectException if they are not
   */
  void requireWhole() {
    if (project != null) {
      throw new OtherProjectException("the key", project);
    }
  }

  /**
   * The project that a request concerns.
   *
   * @param given what it says itself, null or blank where it says nothing
   * @throws OtherProjectException if that is not the key's
   */
  @Nullable String require(@Nullable String given, String field) {
    boolean said = given != null && !given.isBlank();
    if (project != null && said && !project.equals(given)) {
      throw new OtherProjectException(field, project);
    }
    return project == null ? given : project;
  }
}
