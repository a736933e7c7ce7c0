package io.llmaccounting.internal.calls;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls under way, so that their holds are renewed as long as the application holds on to them.
 * Safe for use by many threads.
 */
public final class LiveCalls {
  private final Map<UUID, WeakReference<LiveCall>> calls = new ConcurrentHashMap<>();

  /** A call has been admitted. */
  public void add(LiveCall call) {
    calls.put(call.id(), new WeakReference<>(call));
  }

  /** A call has ended. */
  public void remove(UUID id) {
    calls.remove(id);
  }

  /** Renews the holds that are due; a call that the application has dropped is left to expire. */
  public void renewDue() {
    calls.forEach(
        (id, reference) -> {
          LiveCall call = reference.get();
          if (call == null || call.isEnded()) {
            calls.remove(id);
          } else {
            call.renewIfDue();
          }
        });
  }

  /** Forgets every call; their holds are left to be settled or to expire. */
  void clear() {
    calls.clear();
  }
}
