package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * To whom a call is attributed. Null means unattributed, and so does a blank text, wherever one of
 * these is given; NUL, surrounding blanks and more than 255 bytes are refused.
 *
 * @param project the project, or null
 * @param user the person or account, or null
 * @param caller the application or feature that calls, or null
 * @param session the conversation or run, or null
 * @param tags at most 16 further names and values, sorted by name
 */
public record Attribution(
    @Nullable String project,
    @Nullable String user,
    @Nullable String caller,
    @Nullable String session,
    Map<String, String> tags) {

  /** Attributed to nobody. */
  public static final Attribution NONE = new Attribution(null, null, null, null, Map.of());

  /** Checks every name. */
  public Attribution {
    project = name("project", project);
    user = name("user", user);
    caller = name("caller", caller);
    session = name("session", session);
    tags = Check.tags("tags", tags);
  }

  private static @Nullable String name(String field, @Nullable String value) {
    return value == null || value.isBlank() ? null : Check.name(field, value);
  }

  /** Returns a copy with this project, or with none where it is null or blank. */
  public Attribution withProject(@Nullable String project) {
    return new Attribution(project, user, caller, session, tags);
  }

  /** Returns a copy with this user, or with none where it is null or blank. */
  public Attribution withUser(@Nullable String user) {
    return new Attribution(project, user, caller, session, tags);
  }

  /** Returns a copy with this caller, or with none where it is null or blank. */
  public Attribution withCaller(@Nullable String caller) {
    return new Attribution(project, user, caller, session, tags);
  }

  /** Returns a copy with this session, or with none where it is null or blank. */
  public Attribution withSession(@Nullable String session) {
    return new Attribution(project, user, caller, session, tags);
  }

  /** Returns a copy with this tag added or replaced. */
  public Attribution withTag(String name, String value) {
    Map<String, String> more = new HashMap<>(tags);
    more.put(name, value);
    return new Attribution(project, user, caller, session, more);
  }

  /** This attribution with what it lacks taken from {@code defaults}; tags are joined. */
  public Attribution orElse(Attribution defaults) {
    if (defaults.equals(NONE)) {
      return this;
    }
    Map<String, String> joined = new HashMap<>(defaults.tags);
    joined.putAll(tags);
    return new Attribution(
        project == null ? defaults.project : project,
        user == null ? defaults.user : user,
        caller == null ? defaults.caller : caller,
        session == null ? defaults.session : session,
        joined);
  }
}
