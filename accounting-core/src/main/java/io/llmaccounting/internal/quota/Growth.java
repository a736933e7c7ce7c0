package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.HoldRecord;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call under way that asks for more than its hold keeps. Pure.
 *
 * @param held what it has already
 * @param keeps finds the hold that keeps one of its amounts in the ledger: its own, or a lease;
 *     null where none does any more
 */
public record Growth(HoldRecord held, Function<HoldRecord.Amount, @Nullable HoldRecord> keeps) {

  /** The growth of a call that has a hold of its own. */
  public static Growth of(HoldRecord held) {
    return new Growth(held, amount -> held);
  }

  /** The amount that the call asks of a limit beyond what it has already. */
  long more(Watch watch, Expectation total) {
    return Admission.more(watch, total, held);
  }

  /**
   * When {@code more} fits if nothing else happens but that the call goes on: then what it has does
   * not expire. {@link WindowExit#NEVER} where all that it would have is above the maximum.
   */
  long fitsAt(Watch watch, Counter counter, long more) {
    for (HoldRecord.Amount amount : held.amounts()) {
      HoldRecord keeper = amount.counter().equals(watch.counter()) ? keeps.apply(amount) : null;
      if (keeper != null) {
        return fitsAt(counter, more, amount, keeper);
      }
    }
    return counter.fitsAt(more);
  }

  private static long fitsAt(Counter counter, long more, HoldRecord.Amount own, HoldRecord keeper) {
    Instant expiry = keeper.expiresAt();
    long leaves = leaves(own, keeper);
    if (leaves <= counter.asOf()) {
      return counter.fitsAt(more);
    }
    return own.amount() > counter.limit().maximum() - more
        ? WindowExit.NEVER
        : counter
            .staying(new HoldRecord.Amount(own.counter(), own.amount(), leaves), expiry)
            .fitsAt(more);
  }

  // what a lease keeps leaves the window as the lease says
  private static long leaves(HoldRecord.Amount own, HoldRecord keeper) {
    for (HoldRecord.Amount amount : keeper.amounts()) {
      if (amount.counter().equals(own.counter())) {
        return amount.leaves();
      }
    }
    return own.leaves();
  }
}
