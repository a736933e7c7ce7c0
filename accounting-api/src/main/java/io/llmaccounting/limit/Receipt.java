package io.llmaccounting.limit;

import io.llmaccounting.usage.Cost;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What recording a call returns.
 *
 * @param id identity of the stored record; for a repeated call that of the first
 * @param knownCost the cost as stored, null where it is unknown
 * @param status what became of the record
 * @param remaining state of every limit that watched the call, after it was booked; empty unless
 *     the status is RECORDED
 */
public record Receipt(
    UUID id, @Nullable Cost knownCost, Status status, List<LimitStatus> remaining) {

  /** What became of a record. */
  public enum Status {
    /** Stored and booked: durable. */
    RECORDED,
    /** The same call was stored before; nothing changed. */
    DUPLICATE,
    /** The same call was stored with poorer figures: these count from now on, durable. */
    SUPERSEDED,
    /** Accepted into the memory buffer; durable after a flush. */
    BUFFERED,
    /** Written to the local spool: durable, booked once the database is back. */
    SPOOLED,
    /** Not stored: the failure was handed to the error handler, as the error policy says. */
    NOT_RECORDED
  }

  /** Copies the list. */
  public Receipt {
    remaining = List.copyOf(remaining);
  }

  /** The cost as stored, or empty where it is unknown. */
  public Optional<Cost> cost() {
    return Optional.ofNullable(knownCost);
  }
}
