package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.ledger.Stages;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls under way, so that their holds are renewed as long as the application holds on to them.
 * Safe for use by many threads.
 */
public final class LiveCalls {
  private final Map<UUID, WeakReference<LiveCall>> calls = new ConcurrentHashMap<>();

  /** Adds a call that has been admitted. */
  public void add(LiveCall call) {
    calls.put(call.id(), new WeakReference<>(call));
  }

  /** Forgets a call that has ended. */
  public void remove(UUID id) {
    calls.remove(id);
  }

  /**
   * Begins to renew the holds that are due, many in a transaction; a call that the application has
   * dropped is left to expire. What fails for one keeps no other from it.
   *
   * @param failed is told of each failure that is no outage
   * @return false if there were any
   */
  public CompletableFuture<Boolean> renewDue(Consumer<RuntimeException> failed) {
    List<CompletableFuture<Boolean>> renewals = new ArrayList<>();
    calls.forEach(
        (id, reference) -> {
          LiveCall call = reference.get();
          if (call == null || call.isEnded()) {
            calls.remove(id);
          } else {
            renewals.add(Stages.of(call::renewIfDue).handle((done, error) -> told(error, failed)));
          }
        });
    return CompletableFuture.allOf(renewals.toArray(CompletableFuture[]::new))
        .thenApply(all -> renewals.stream().allMatch(CompletableFuture::join));
  }

  private static boolean told(@Nullable Throwable failure, Consumer<RuntimeException> failed) {
    if (failure == null) {
      return true;
    }
    failed.accept(Failures.of(Stages.reason(failure)));
    return false;
  }

  /** How many there are. */
  int count() {
    return calls.size();
  }

  /** Forgets every call; their holds are left to be settled or to expire. */
  void clear() {
    calls.clear();
  }
}
