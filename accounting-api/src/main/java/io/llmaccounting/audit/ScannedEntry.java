package io.llmaccounting.audit;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a scan found at one place. Somebody who meddles with the database may leave something there
 * that is no entry: a scan reports it and goes on.
 *
 * @param id the id of the row
 * @param stream its stream, or null where it has no seal
 * @param sequence its place in the stream; 0 where it has no seal
 * @param stored what is stored, or null where it cannot be read as an entry
 * @param damage what keeps it from being read, or null
 */
public record ScannedEntry(
    UUID id,
    @Nullable UUID stream,
    long sequence,
    @Nullable SealedEntry stored,
    @Nullable String damage) {

  /** Checks that there is either an entry or a damage. */
  public ScannedEntry {
    Objects.requireNonNull(id, "id is required, was null");
    if ((stored == null) == (damage == null)) {
      throw new IllegalArgumentException(
          "either stored or damage must be there, were %s and %s".formatted(stored, damage));
    }
  }

  /** An entry that could be read. */
  public static ScannedEntry of(SealedEntry stored) {
    Seal seal = stored.seal();
    return seal == null
        ? new ScannedEntry(stored.entry().id(), null, 0, stored, null)
        : new ScannedEntry(stored.entry().id(), seal.stream(), seal.sequence(), stored, null);
  }
}
