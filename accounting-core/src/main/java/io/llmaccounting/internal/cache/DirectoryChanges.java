package io.llmaccounting.internal.cache;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Tells every accounting of this process that a directory has changed. It does not say which store
 * changed: forgetting too much only costs a look-up.
 */
public final class DirectoryChanges {
  private static final Set<KnownNames> LISTENERS =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private DirectoryChanges() {}

  static void listen(KnownNames names) {
    LISTENERS.add(names);
  }

  /** Makes every accounting of this process look names up anew. */
  public static void announce() {
    synchronized (LISTENERS) {
      LISTENERS.forEach(KnownNames::forget);
    }
  }
}
