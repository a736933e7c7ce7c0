package io.llmaccounting.usage;

import java.time.Instant;
import java.util.UUID;

/**
 * A call, or the call that had its key, lies behind the purge horizon: whether it was counted
 * before cannot be told any more. Nothing was changed.
 */
public final class UsageTooOldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Usage refused;
  private final UUID purged;
  private final Instant completeFrom;
  private final boolean sameContent;

  /**
   * Refuses a call.
   *
   * @param refused the call that was refused
   * @param purged the call that may have been purged: the refused one itself, or the one that had
   *     its key
   * @param completeFrom the purge horizon
   * @param sameContent true if the one that had its key is known to have had the same content
   */
  public UsageTooOldException(
      Usage refused, UUID purged, Instant completeFrom, boolean sameContent) {
    super(message(refused, purged, completeFrom, sameContent));
    this.refused = refused;
    this.purged = purged;
    this.completeFrom = completeFrom;
    this.sameContent = sameContent;
  }

  private static String message(Usage refused, UUID purged, Instant completeFrom, boolean same) {
    return purged.equals(refused.id())
        ? "call %s of %s is older than the purge horizon %s, so it may have been counted and purged; if it never was, record it with OldUsage.COUNT"
            .formatted(purged, refused.occurredAt(), completeFrom)
        : "key \"%s\" of project %s belongs to call %s of %s with %s content, which was purged (usage is complete from %s); use another key, or record it with OldUsage.COUNT"
            .formatted(
                refused.key(),
                refused.attribution().project(),
                purged,
                UsageId.timeOf(purged),
                same ? "the same" : "other",
                completeFrom);
  }

  /** The call that was refused. */
  public Usage refused() {
    return refused;
  }

  /** The call that may have been purged: the refused one, or the one that had its key. */
  public UUID purged() {
    return purged;
  }

  /** The purge horizon: usage before it may be gone. */
  public Instant completeFrom() {
    return completeFrom;
  }

  /** True if it repeats a call that is known to have been recorded, and counted, under its key. */
  public boolean isKnownRepetition() {
    return sameContent;
  }
}
