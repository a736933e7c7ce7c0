package io.llmaccounting.http;

import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;

/**
 * What is given up when the application gives its request up: whatever was ever under way for it.
 * The client itself remembers only what it was told of last. That may be a connection that stands
 * already, told of by one thread after another has told of the request that goes over it, and then
 * the request is not given up at all. Giving up what has ended does nothing. Safe for use by many
 * threads.
 */
final class GivingUp implements CancellableDependency {
  private final CancellableDependency request;
  private final List<Cancellable> underWay = new ArrayList<>();
  private boolean givenUp;

  private GivingUp(CancellableDependency request) {
    this.request = request;
  }

  /** The same scope, in which nothing under way is forgotten. */
  static AsyncExecChain.Scope within(AsyncExecChain.Scope scope) {
    GivingUp all = new GivingUp(scope.cancellableDependency);
    scope.cancellableDependency.setDependency(all);
    if (scope.cancellableDependency.isCancelled()) {
      all.cancel();
    }
    return new AsyncExecChain.Scope(
        scope.exchangeId,
        scope.route,
        scope.originalRequest,
        all,
        scope.clientContext,
        scope.execRuntime,
        scope.scheduler,
        scope.execCount);
  }

  @Override
  public void setDependency(Cancellable next) {
    synchronized (this) {
      if (!givenUp) {
        underWay.add(next);
        return;
      }
    }
    next.cancel();
  }

  @Override
  public boolean isCancelled() {
    return request.isCancelled();
  }

  @Override
  public boolean cancel() {
    List<Cancellable> all;
    synchronized (this) {
      givenUp = true;
      all = List.copyOf(underWay);
      underWay.clear();
    }
    boolean any = false;
    for (Cancellable each : all) {
      any |= each.cancel();
    }
    return any;
  }
}
