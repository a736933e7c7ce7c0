package io.llmaccounting.audit;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a verification of the audit log found.
 *
 * @param streams how many streams have entries
 * @param sealed how many sealed entries there are
 * @param keyless how many of them were sealed without a key: whoever can write to the database can
 *     make such seals
 * @param unsealed how many entries have no seal, of which nothing is proven
 * @param erased how many sealed entries had a person's data erased from them: what they were before
 *     proves their places, and an entry about the erasure proves what they say now
 * @param sinceHead how many sealed entries came after the head; all of them where no head was given
 * @param retained how many of the ends that the head names were removed by retention since
 * @param damages the first bad place of each stream that has one
 */
public record AuditVerification(
    long streams,
    long sealed,
    long keyless,
    long unsealed,
    long erased,
    long sinceHead,
    long retained,
    List<Damage> damages) {

  /** What is wrong at a place. */
  public enum Kind {
    /** The entry is not what was sealed there: altered, moved, or put there by somebody else. */
    ALTERED,
    /** Entries before this one are gone. */
    MISSING,
    /** There is more than one entry at this place. */
    INSERTED,
    /** What stands there cannot be read as an entry. */
    UNREADABLE,
    /**
     * The entry was sealed with a key that this accounting was not given, so nothing can be said.
     */
    UNKNOWN_KEY,
    /** The head names an end of this stream that is gone, or where another entry stands now. */
    CUT_OFF,
    /**
     * The entry that says why the stream's beginning is gone, or what was erased, is not proven.
     */
    UNPROVEN
  }

  /**
   * The first bad place of a stream.
   *
   * @param stream the stream
   * @param sequence the place
   * @param entry the id of the entry that stands there, or null where none does
   * @param kind what is wrong
   * @param message one sentence for people
   */
  public record Damage(
      UUID stream, long sequence, @Nullable UUID entry, Kind kind, String message) {
    /** The id of the entry that stands there. */
    public Optional<UUID> entryId() {
      return Optional.ofNullable(entry);
    }
  }

  /** Copies the list. */
  public AuditVerification {
    damages = List.copyOf(damages);
  }

  /** True if no stream has a bad place. */
  public boolean isIntact() {
    return damages.isEmpty();
  }
}
