package io.llmaccounting.health;

import io.llmaccounting.usage.Plural;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Usage that had been accepted into memory could not be stored and is kept nowhere. Says how much,
 * and which: record it again under the same ids.
 */
public final class UsageLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The most ids that are named. */
  static final int MOST_IDS = 100;

  private final long count;
  private final transient List<UUID> firstIds;

  /** Says which calls are lost; at most the first 100 of {@code ids} are kept. */
  public UsageLostException(String why, long count, List<UUID> ids, @Nullable Throwable cause) {
    super(
        "usage of %s was not stored and is lost: %s; first ids: %s"
            .formatted(Plural.of(count, "call"), why, ids.subList(0, Math.min(10, ids.size()))),
        cause);
    this.count = count;
    this.firstIds = List.copyOf(ids.subList(0, Math.min(MOST_IDS, ids.size())));
  }

  /** How many calls were lost. */
  public long count() {
    return count;
  }

  /** The ids of the first lost calls, at most 100. */
  public List<UUID> firstIds() {
    return firstIds;
  }
}
