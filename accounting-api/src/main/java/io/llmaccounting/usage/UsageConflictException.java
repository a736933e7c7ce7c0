package io.llmaccounting.usage;

import org.jspecify.annotations.Nullable;

/**
 * A call was recorded under an id or key that another call already has. Nothing was changed.
 *
 * <p>Repeating the same call is no conflict; it returns the first receipt. The message names the
 * fields that differ, with values only where they tell nothing of a person; both records are
 * accessors.
 */
public final class UsageConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Usage stored;
  private final transient Usage refused;

  /** A conflict between what is stored and what was refused. */
  public UsageConflictException(Usage stored, Usage refused) {
    super(
        "%s is already used by another call: %s; record a different call under an id or key of its own"
            .formatted(
                stored.id().equals(refused.id()) ? "id " + stored.id() : key(refused),
                UsageDifferences.between(stored, refused)));
    this.stored = stored;
    this.refused = refused;
  }

  /**
   * Keeps the refused call, where a server has refused it.
   *
   * @param said what the server says of the difference
   */
  public UsageConflictException(String said, Usage refused) {
    super(said);
    this.stored = null;
    this.refused = refused;
  }

  private static String key(Usage refused) {
    String project = refused.attribution().project();
    String key = "key \"" + refused.key() + "\"";
    return project == null ? key : key + " of project \"" + project + "\"";
  }

  /**
   * The call that is stored; null where a server has refused the other, which shows it to nobody.
   */
  public @Nullable Usage stored() {
    return stored;
  }

  /** The call that was refused. */
  public Usage refused() {
    return refused;
  }
}
