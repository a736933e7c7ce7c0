package io.llmaccounting.spring;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.usage.Attribution;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lets Micrometer's context propagation carry the context of calls from thread to thread. */
final class CallContextAccessor implements ThreadLocalAccessor<CallContext> {
  // threads inherit no context, so that a new one has none to carry
  private static final CallContext NOTHING =
      CompletableFuture.supplyAsync(CallContext::current, task -> new Thread(task).start()).join();

  // what is set is restored in the opposite order, so that each end closes the latest
  private final ThreadLocal<Deque<CallContext.Scope>> scopes =
      ThreadLocal.withInitial(ArrayDeque::new);

  @Override
  public Object key() {
    return ReactiveCarriage.KEY;
  }

  @Override
  public @Nullable CallContext getValue() {
    CallContext here = CallContext.current();
    boolean empty =
        here.attribution().equals(Attribution.NONE) && here.call().isEmpty() && here.isMetered();
    return empty ? null : here;
  }

  @Override
  public void setValue(CallContext value) {
    scopes.get().push(value.open());
  }

  @Override
  public void setValue() {
    setValue(NOTHING);
  }

  @Override
  public void restore(CallContext previous) {
    restore();
  }

  @Override
  public void restore() {
    Deque<CallContext.Scope> open = scopes.get();
    CallContext.Scope latest = open.poll();
    if (latest != null) {
      latest.close();
    }
    if (open.isEmpty()) {
      scopes.remove();
    }
  }
}
