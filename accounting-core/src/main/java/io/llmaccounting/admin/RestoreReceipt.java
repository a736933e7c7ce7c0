package io.llmaccounting.admin;

import java.util.List;
import java.util.UUID;

/**
 * What became of records, or entries of the audit log, that another store knows.
 *
 * @param added how many are new here
 * @param unchanged how many were here already and changed nothing
 * @param corrected how many were here already and were given the correction of their cost
 * @param refused the things that could not be taken in; at most the first 1,000
 * @param refusedCount how many could not be taken in
 */
public record RestoreReceipt(
    long added, long unchanged, long corrected, List<Refusal> refused, long refusedCount) {
  /** Copies the list. */
  public RestoreReceipt {
    refused = List.copyOf(refused);
  }

  /** Why a record cannot be taken in. */
  public enum Reason {
    /** Another call has its id or key here. */
    OTHER_CALL,
    /** The cost of the record was corrected here too, to another one. */
    OTHER_CORRECTION,
    /** Another entry of the audit log, or another seal, has its id here. */
    OTHER_ENTRY,
    /** The record, or the call that had its key, lies behind the purge horizon here. */
    TOO_OLD,
    /** The store refuses it. */
    STORE
  }

  /**
   * A record that was not taken in; it keeps no other from being taken in.
   *
   * @param id the id of the record or entry
   * @param reason why it was not taken in
   * @param message the same in a sentence, with what is here and what was given
   */
  public record Refusal(UUID id, Reason reason, String message) {}
}
