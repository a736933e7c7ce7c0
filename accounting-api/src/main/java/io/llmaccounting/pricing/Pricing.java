package io.llmaccounting.pricing;

import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.PricedCost;
import java.util.List;
import java.util.Optional;

/**
 * Knows what calls cost. It is asked while other threads that tell how the same call ended have to
 * wait: an implementation must not end that call, nor wait for a thread that does. For whoever
 * waits it is asked on the caller's thread, else on the caller's or on the executor of stages. Of
 * calls that nobody ended before their hold expired, the price is asked on the thread that brings
 * records to the store, for which every call waits; of those that were let in from leases, on a
 * thread that no call waits for, one after the other. So an implementation that needs a network or
 * a disk answers from memory, and refreshes that elsewhere. Safe for use by many threads.
 */
@FunctionalInterface
public interface Pricing {
  /** Knows no price: every call without a cost of its own stays unpriced. */
  Pricing NONE = call -> Optional.empty();

  /**
   * What {@code call} costs: the exact product of its tokens and their prices, rounded once,
   * HALF_EVEN, to the nano-dollar. A call with parts costs the exact sum of what its main model and
   * each part cost, each rounded so.
   *
   * @return empty where no price is known, which is not the same as free
   */
  Optional<PricedCost> price(PricedCall call);

  /**
   * The parts of {@code call}, in their order, each with its share of {@link #price}. A part whose
   * price is not known has none; unless this is overridden, no part has one.
   */
  default List<CallPart> parts(PricedCall call) {
    return call.parts();
  }
}
