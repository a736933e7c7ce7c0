package io.llmaccounting.internal.cache;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/**
 * Tells every accounting of this process that something was changed through one of them. It does
 * not say in which store: forgetting too much only costs a look-up. Safe for use by many threads.
 *
 * @param <T> who is told
 */
public final class LocalChanges<T> {
  /** Changes of directories. */
  static final LocalChanges<KnownNames> DIRECTORY = new LocalChanges<>();

  /** Changes of keys by which callers are known. */
  static final LocalChanges<KnownKeys> KEYS = new LocalChanges<>();

  private final Set<T> listeners =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private LocalChanges() {}

  void listen(T listener) {
    listeners.add(listener);
  }

  void tell(Consumer<T> news) {
    synchronized (listeners) {
      listeners.forEach(news);
    }
  }

  /** Makes every accounting of this process look names up anew. */
  public static void ofDirectory() {
    DIRECTORY.tell(KnownNames::forget);
  }
}
