package io.llmaccounting.access;

import io.llmaccounting.validation.Check;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which keys to list, by name and id: one page, which is found as fast among a million keys as
 * among ten.
 *
 * @param project the project whose keys are wanted, null for those of all and of none
 * @param user the user whose keys are wanted, null for those of all and of nobody
 * @param after the last key of the page before, null for the first page
 * @param limit most keys, 1 to 1,000
 */
public record AccessKeyQuery(
    @Nullable String project, @Nullable String user, @Nullable Position after, int limit) {
  private static final int MOST = 1_000;

  /**
   * Where a key stands in the list, whether or not it is still there.
   *
   * @param name of the key; names are in the order of their bytes in UTF-8
   * @param id of the key, which tells keys of one name apart; ids are in the order of their digits
   */
  public record Position(String name, UUID id) {
    /** Checks the name. */
    public Position {
      Check.name("name", name);
      Objects.requireNonNull(id, "id is required, was null");
    }
  }

  /** Checks the names and the limit. */
  public AccessKeyQuery {
    Check.optionalName("project", project);
    Check.optionalName("user", user);
    Check.range("limit", limit, 1, MOST);
  }

  /** The first {@code limit} keys of all. */
  public static AccessKeyQuery first(int limit) {
    return new AccessKeyQuery(null, null, null, limit);
  }

  /** Returns a query for keys of this project only. */
  public AccessKeyQuery ofProject(String project) {
    return new AccessKeyQuery(project, user, after, limit);
  }

  /** Returns a query for keys of this user only. */
  public AccessKeyQuery ofUser(String user) {
    return new AccessKeyQuery(project, user, after, limit);
  }

  /** Returns a query for the page after this key. */
  public AccessKeyQuery after(Position last) {
    return new AccessKeyQuery(project, user, last, limit);
  }
}
