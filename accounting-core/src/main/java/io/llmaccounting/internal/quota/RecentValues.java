package io.llmaccounting.internal.quota;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the values that were used last, at most so many, in two generations: once the younger is
 * half of them, the older is forgotten and the younger becomes the older. Safe for use by many
 * threads, and nobody waits for a value that another thread looks up.
 *
 * @param <K> what values are found by
 * @param <V> the values
 */
public final class RecentValues<K, V> {
  private final int mostInOne;
  private volatile Generations<K, V> generations =
      new Generations<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

  // told apart by identity, which a record is not
  private static final class Generations<K, V> {
    private final ConcurrentMap<K, V> younger;
    private final ConcurrentMap<K, V> older;

    Generations(ConcurrentMap<K, V> younger, ConcurrentMap<K, V> older) {
      this.younger = younger;
      this.older = older;
    }

    ConcurrentMap<K, V> younger() {
      return younger;
    }

    ConcurrentMap<K, V> older() {
      return older;
    }
  }

  /** Keeps at most {@code most} values, at least 2. */
  public RecentValues(int most) {
    this.mostInOne = most / 2;
  }

  /** The value of {@code key}; null if there is none, or if it was forgotten. */
  public @Nullable V get(K key) {
    Generations<K, V> now = generations;
    V value = now.younger().get(key);
    if (value == null) {
      value = now.older().get(key);
      if (value != null) {
        V newer = now.younger().putIfAbsent(key, value);
        value = newer == null ? value : newer;
        growOld();
      }
    }
    return value;
  }

  /** Keeps {@code value}, in place of an older one. */
  public void put(K key, V value) {
    Generations<K, V> now;
    do {
      now = generations;
      now.younger().put(key, value);
      // otherwise an old value that was just found may stand before this one
    } while (generations != now);
    growOld();
  }

  /** The value, made first if there is none. */
  public V get(K key, Function<? super K, ? extends V> maker) {
    V value = get(key);
    if (value == null) {
      value = generations.younger().computeIfAbsent(key, maker);
      growOld();
    }
    return value;
  }

  /** Keeps {@code value}, joined to the one that is there. */
  public void merge(K key, V value, BinaryOperator<V> joiner) {
    get(key); // which makes it one of the younger
    generations.younger().merge(key, value, joiner);
    growOld();
  }

  private void growOld() {
    if (generations.younger().size() >= mostInOne) {
      replaceOlder();
    }
  }

  private synchronized void replaceOlder() {
    Generations<K, V> now = generations;
    if (now.younger().size() >= mostInOne) {
      generations = new Generations<>(new ConcurrentHashMap<>(), now.younger());
    }
  }
}
