package io.llmaccounting.internal.calls;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

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

  /**
   * Renews the holds that are due, many in a transaction; a call that the application has dropped
   * is left to expire. What fails for one keeps no other from it.
   *
   * @param failed is told of each failure that is no outage
   * @return false if there were any
   */
  public boolean renewDue(Consumer<RuntimeException> failed) {
    List<RuntimeException> failures = new ArrayList<>();
    List<Runnable> begun = new ArrayList<>();
    calls.forEach(
        (id, reference) -> {
          LiveCall call = reference.get();
          if (call == null || call.isEnded()) {
            calls.remove(id);
          } else {
            attempt(() -> begin(call, begun), failures);
          }
        });
    begun.forEach(renewal -> attempt(renewal, failures));
    failures.forEach(failed);
    return failures.isEmpty();
  }

  private static void begin(LiveCall call, List<Runnable> begun) {
    Runnable renewal = call.renewing();
    if (renewal != null) {
      begun.add(renewal);
    }
  }

  private static void attempt(Runnable step, List<RuntimeException> failures) {
    try {
      step.run();
    } catch (RuntimeException e) {
      failures.add(e);
    } catch (Error e) {
      failures.add(new IllegalStateException("accounting met an error: " + e, e));
    }
  }

  /** Forgets every call; their holds are left to be settled or to expire. */
  void clear() {
    calls.clear();
  }
}
