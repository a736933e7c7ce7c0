package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.cache.KnownNames;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Usage;
import java.util.concurrent.CompletableFuture;

/** Whether names of projects and users must be known. Safe for use by many threads. */
public sealed interface NameRule {
  /** Every name is taken. */
  NameRule ANY = new Any();

  /** Only names that {@code names} knows are taken. */
  static NameRule enforcing(KnownNames names) {
    return new Enforced(names);
  }

  /**
   * Refuses who may not call.
   *
   * @throws io.llmaccounting.directory.UnknownNameException if a name is not known, or not active
   */
  void require(Attribution caller);

  /**
   * Refuses a limit that names somebody exactly who may not call.
   *
   * @throws io.llmaccounting.directory.UnknownNameException if a name is not known, or not active
   */
  void require(Limit limit);

  /** Hands on a request of somebody who may call; the stage fails for others. */
  CompletableFuture<CallRequest> asked(Way way, CallRequest request);

  /**
   * Hands on a call that was made by somebody who may call; the stage fails for others, unless the
   * directory cannot be asked.
   */
  CompletableFuture<Usage> made(Way way, Usage usage);

  /** Takes every name. */
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
   * Takes known names only.
   *
   * @param names may ask the store, so that whoever does not wait asks them elsewhere
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
      return way.slowly(
          () -> {
            names.require(request.attribution());
            return request;
          });
    }

    @Override
    public CompletableFuture<Usage> made(Way way, Usage usage) {
      return way.slowly(
          () -> {
            names.requireUnlessUnreachable(usage.attribution());
            return usage;
          });
    }
  }
}
