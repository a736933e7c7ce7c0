package io.llmaccounting.internal.calls;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.cache.KnownNames;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Usage;
import java.util.concurrent.CompletableFuture;

/** Decides whether names of projects and users must be known. Safe for use by many threads. */
public sealed interface NameRule {
  /** Accepts every name. */
  NameRule ANY = new Any();

  /** Accepts only names that {@code names} knows. */
  static NameRule enforcing(KnownNames names) {
    return new Enforced(names);
  }

  /**
   * Refuses callers whose names may not be used.
   *
   * @throws io.llmaccounting.directory.UnknownNameException if a name is not known, or not active
   */
  void require(Attribution caller);

  /**
   * Refuses a limit with an exact name that may not be used.
   *
   * @throws io.llmaccounting.directory.UnknownNameException if a name is not known, or not active
   */
  void require(Limit limit);

  /** Hands on a request whose names may be used; for others the stage fails. */
  CompletableFuture<CallRequest> asked(Way way, CallRequest request);

  /**
   * Hands on a call that was made under names that may be used; for others the stage fails, unless
   * the directory cannot be asked.
   */
  CompletableFuture<Usage> made(Way way, Usage usage);

  /** Accepts every name. */
  record Any() implements NameRule {
    @Override
    public void require(Attribution caller) {}

    @Override
    public void require(Limit limit) {}

    @Override
    public CompletableFuture<CallRequest> asked(Way way, CallRequest request) {
      return CompletableFuture.completedFuture(request);
    }

    @Override
    public CompletableFuture<Usage> made(Way way, Usage usage) {
      return CompletableFuture.completedFuture(usage);
    }
  }

  /**
   * Accepts known names only.
   *
   * @param names may ask the store, so that a caller that does not wait has them asked on another
   *     thread
   */
  record Enforced(KnownNames names) implements NameRule {
    @Override
    public void require(Attribution caller) {
      names.require(caller);
    }

    @Override
    public void require(Limit limit) {
      names.require(limit);
    }

    @Override
    public CompletableFuture<CallRequest> asked(Way way, CallRequest request) {
      return known(way, request.attribution()).thenApply(known -> request);
    }

    @Override
    public CompletableFuture<Usage> made(Way way, Usage usage) {
      return known(way, usage.attribution())
          .exceptionally(
              failure -> {
                RuntimeException reason = Stages.thrown(failure);
                if (isUnanswered(reason)) {
                  return true;
                }
                throw reason;
              })
          .thenApply(known -> usage);
    }

    // no thread is kept for a store that is known to be away
    private CompletableFuture<Boolean> known(Way way, Attribution caller) {
      return names.isAway()
          ? Stages.of(
              () -> {
                names.requireRecalled(caller);
                return CompletableFuture.completedFuture(true);
              })
          : way.reading(
              () -> {
                names.require(caller);
                return true;
              });
    }

    private static boolean isUnanswered(RuntimeException reason) {
      return Breaker.isOutage(reason)
          || (reason instanceof BackendException known
              && known.kind() == BackendException.Kind.CLOSED);
    }
  }
}
