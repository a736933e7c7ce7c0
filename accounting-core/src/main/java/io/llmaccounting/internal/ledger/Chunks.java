package io.llmaccounting.internal.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Cuts records into chunks that fit one transaction: no chunk is too long, and no two records of
 * one chunk share an id or key. Keeps the order. Confined to one thread.
 *
 * @param <T> what is cut into chunks; each comes with one record
 */
public final class Chunks<T> {
  private final int most;
  private final Function<T, PendingRecord> recordOf;
  private final Consumer<List<T>> chunks;
  private final Set<Object> claimed = new HashSet<>();
  private List<T> chunk = new ArrayList<>();

  /** Hands each chunk, of at most {@code most}, to {@code chunks}. */
  public Chunks(int most, Function<T, PendingRecord> recordOf, Consumer<List<T>> chunks) {
    this.most = most;
    this.recordOf = recordOf;
    this.chunks = chunks;
  }

  /** Adds one more record. */
  public void add(T next) {
    boolean[] free = {true};
    PendingRecord pending = recordOf.apply(next);
    pending.claims(name -> free[0] &= claimed.add(name));
    if (!free[0] || chunk.size() == most) {
      flush();
      pending.claims(claimed::add);
    }
    chunk.add(next);
  }

  /** Hands over what is left. */
  public void flush() {
    if (!chunk.isEmpty()) {
      List<T> full = chunk;
      chunk = new ArrayList<>();
      claimed.clear();
      chunks.accept(full);
    }
  }
}
