package io.llmaccounting.limit;

import io.llmaccounting.usage.Timespan;
import java.util.List;
import java.util.UUID;

/**
 * Says whether calls may go ahead, and holds room for those under way. Safe for use by many
 * threads.
 *
 * <p>Every method throws {@link io.llmaccounting.backend.BackendException} if the store cannot be
 * reached, and {@link io.llmaccounting.directory.UnknownNameException} for a project or user that
 * is not known, where names are enforced.
 */
public interface QuotaService {
  /** Asks whether the call would be admitted now; writes nothing. */
  Decision check(CallRequest request);

  /** Asks, and if the call is admitted holds what it expects on every limit that watches it. */
  Reservation reserve(CallRequest request);

  /** The hold with this id, for instance one that another process took. Does not look it up. */
  HeldCall hold(UUID id);

  /** How every limit stands that watches such a call. */
  List<LimitStatus> status(CallRequest request);

  /** Which limits watch such a call, which are lifted, and why the others do not apply. */
  Explanation explain(CallRequest request);

  /**
   * Calls that were neither settled nor released, those of dead processes included, oldest first.
   */
  List<OpenHold> openHolds();

  /** Refused reserves whose minute lies in {@code span}, newest first. */
  List<DenialCount> denials(Timespan span);
}
