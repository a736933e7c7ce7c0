package io.llmaccounting.limit;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

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

  /** {@link #check} without waiting; what it throws, the stage fails with. */
  CompletionStage<Decision> checkAsync(CallRequest request);

  /**
   * {@link #reserve} without waiting; what it throws, the stage fails with. Completing or
   * cancelling the stage's future gives the call up: it is withdrawn if it was not admitted yet,
   * and gives its hold back if it was meanwhile.
   */
  CompletionStage<Reservation> reserveAsync(CallRequest request);

  /**
   * The hold with this id, for instance one that another process took. This does not ask the store
   * whether there is one.
   */
  HeldCall hold(UUID id);

  /** How every limit stands that watches such a call. */
  List<LimitStatus> status(CallRequest request);

  /** Which limits watch such a call, which are lifted, and why the others do not apply. */
  Explanation explain(CallRequest request);
}
