package io.llmaccounting.tap.internal;

import io.llmaccounting.call.CallContext;

/** What is to be done around each time that a request goes out: the first, and each retry. */
@FunctionalInterface
public interface Attempt {
  /** That of a request that passes unmetered. */
  Attempt UNMETERED = () -> () -> {};

  /**
   * A request goes out, from this thread. Returns the scope in which it does: layers below find
   * their call there.
   *
   * @throws java.util.concurrent.CancellationException if nobody wants the answer any more
   */
  CallContext.Scope begin();
}
