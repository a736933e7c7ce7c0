package io.llmaccounting.springai;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.usage.Attribution;
import reactor.util.context.ContextView;

/** Who asks for a stream, which may be subscribed to on another thread than it was made on. */
final class Callers {
  private Callers() {}

  /**
   * Opens, on the thread that subscribes, the context of whoever asks. Where a call is under way
   * there, that one stays. Else it is what was open where the stream was made, or here where that
   * was nothing, and inside of it what Reactor's context says.
   *
   * @param made the context where the stream was made
   */
  static CallContext.Scope open(ContextView view, CallContext made) {
    CallContext here = CallContext.current();
    if (here.call().isPresent()) {
      return () -> {};
    }
    CallContext.Scope outer = (saysNothing(made) ? here : made).open();
    CallContext.Scope inner =
        view.<CallContext>getOrEmpty(CallContext.class).map(CallContext::open).orElse(() -> {});
    return () -> {
      inner.close();
      outer.close();
    };
  }

  /** Whether {@code context} is that of a thread where nobody has opened any. */
  static boolean saysNothing(CallContext context) {
    return context.isMetered()
        && context.attribution().equals(Attribution.NONE)
        && context.call().isEmpty();
  }
}
