package io.llmaccounting.access;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a key is called, to whom its calls are attributed and what it may do: all of a key that can
 * be changed.
 *
 * @param name what people call the key, up to 255 bytes of UTF-8; several keys may have one name
 * @param project the project its calls belong to, or null
 * @param user the person or account its calls belong to, or null
 * @param tags at most 15 further names and values, sorted by name: whoever meters adds one
 * @param models the models that it may call, at most 100 names in which {@code *} stands for any
 *     characters or none; empty for all
 * @param providers the providers that it may call, at most 100 names; empty for all
 * @param roles what it may do, at least one
 * @param expiresAt from when on it is not valid any more, or null if never
 */
public record AccessTerms(
    String name,
    @Nullable String project,
    @Nullable String user,
    Map<String, String> tags,
    Set<String> models,
    Set<String> providers,
    Set<AccessRole> roles,
    @Nullable Instant expiresAt) {
  /** Most tags of a key. */
  public static final int MAX_TAGS = 15;

  /** Checks every name. */
  public AccessTerms {
    Check.name("name", name);
    Attribution whose = new Attribution(project, user, null, null, tags);
    project = whose.project();
    user = whose.user();
    tags = whose.tags();
    if (tags.size() > MAX_TAGS) {
      throw new IllegalArgumentException(
          "tags must have at most %d entries, had %d".formatted(MAX_TAGS, tags.size()));
    }
    models = NamePatterns.checked("models", models);
    providers = NamePatterns.checked("providers", providers);
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("roles must have at least one entry, had none");
    }
    roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    expiresAt = expiresAt == null ? null : Check.instant("expiresAt", expiresAt);
  }

  /** Terms of a key of nobody in particular that may call every model and never expires. */
  public static AccessTerms named(String name) {
    return new AccessTerms(
        name, null, null, Map.of(), Set.of(), Set.of(), Set.of(AccessRole.CALL), null);
  }

  /** Returns a copy of this name. */
  public AccessTerms withName(String name) {
    return new AccessTerms(name, project, user, tags, models, providers, roles, expiresAt);
  }

  /** Returns a copy for this project, or for none where it is null or blank. */
  public AccessTerms withProject(@Nullable String project) {
    return new AccessTerms(name, project, user, tags, models, providers, roles, expiresAt);
  }

  /** Returns a copy for this user, or for none where it is null or blank. */
  public AccessTerms withUser(@Nullable String user) {
    return new AccessTerms(name, project, user, tags, models, providers, roles, expiresAt);
  }

  /** Returns a copy with these tags in place of all others. */
  public AccessTerms withTags(Map<String, String> tags) {
    return new AccessTerms(name, project, user, tags, models, providers, roles, expiresAt);
  }

  /** Returns a copy that may call these models only; all of them where none is given. */
  public AccessTerms withModels(String... models) {
    return new AccessTerms(name, project, user, tags, set(models), providers, roles, expiresAt);
  }

  /** Returns a copy that may call these providers only; all of them where none is given. */
  public AccessTerms withProviders(String... providers) {
    return new AccessTerms(name, project, user, tags, models, set(providers), roles, expiresAt);
  }

  /** Returns a copy with these roles in place of all others. */
  public AccessTerms withRoles(AccessRole first, AccessRole... more) {
    return new AccessTerms(
        name, project, user, tags, models, providers, EnumSet.of(first, more), expiresAt);
  }

  /** Returns a copy that expires then; never where that is null. */
  public AccessTerms withExpiry(@Nullable Instant expiresAt) {
    return new AccessTerms(name, project, user, tags, models, providers, roles, expiresAt);
  }

  /** To whom calls under the key are attributed. */
  public Attribution attribution() {
    return new Attribution(project, user, null, null, tags);
  }

  private static Set<String> set(String... names) {
    return new TreeSet<>(List.of(names));
  }
}
