package io.llmaccounting.backend;

import io.llmaccounting.limit.Limit;
import java.util.List;
import java.util.function.Function;

/** Keeps limits. Safe for use by many threads. */
public interface LimitStore {
  /** The current revision, cheaply. */
  long revision();

  /** All limits and the revision they belong to. */
  AllLimits load();

  /**
   * Saves a limit under its name, replacing one of that name, in one transaction with its counters:
   * no other transaction of the ledger runs between. A store may count limits anew before that
   * transaction, while ledgers go on working, as long as it counts what they do meanwhile as well.
   *
   * <p>If {@code seed} keeps the counters of the limit that is replaced, they and its number stay.
   * Else the limit gets a new number, the counters of the replaced limit are removed, and those of
   * the limits that {@code seed} counts anew are replaced by what it says. The set that owns the
   * limit that is replaced owns what replaces it.
   */
  StoredLimit save(Limit limit, CounterSeed seed);

  /**
   * Saves limits as {@link #save} would one after the other, all in one transaction: what is
   * counted anew is counted once. A name that is given twice is saved as it was given last.
   *
   * @return what is stored for each, in their order
   */
  List<StoredLimit> saveAll(List<Limit> limits, CounterSeed seed);

  /**
   * Removes a limit and its counters, and counts anew what {@code seed} says, in one transaction.
   *
   * @return false if there was none of that name; nothing changed
   */
  boolean delete(String name, CounterSeed seed);

  /**
   * Changes limits, all or none, in one transaction, as {@link #saveAll} and {@link #delete} would.
   *
   * @param wish says what is to be done, from all limits as they are. It is asked until what it was
   *     shown is what is there when its answer is written, so that it may be asked several times:
   *     what it said last was done. It does no I/O. What it throws is thrown, and nothing changes
   * @return what is stored for each limit that was saved, in their order
   */
  List<StoredLimit> change(Function<AllLimits, LimitEdit> wish, CounterSeed seed);
}
