package io.llmaccounting.langchain4j;

import dev.langchain4j.model.chat.ChatRequestOptions;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.Tap;
import org.jspecify.annotations.Nullable;

/** What a single call says of itself, in the attributes of its options. */
final class Said {
  private static final Object KEY = CallContext.class;

  private Said() {}

  static ChatRequestOptions options(CallContext context) {
    return ChatRequestOptions.builder().addListenerAttribute(KEY, context).build();
  }

  /**
   * Opens, on this thread, the context that the options ask for. One that is none is told to the
   * meter of {@code tap}, and opens nothing.
   */
  static CallContext.Scope open(@Nullable ChatRequestOptions options, Tap tap) {
    Object said = options == null ? null : options.listenerAttributes().get(KEY);
    if (said instanceof CallContext context) {
      return context.open();
    }
    if (said != null) {
      tap.meter()
          .adapterFailed(
              new IllegalArgumentException(
                  "the attribute CallContext.class must be a CallContext, was a "
                      + said.getClass().getName()));
    }
    return () -> {};
  }
}
