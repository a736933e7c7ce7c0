package io.llmaccounting.langchain4j;

import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.llmaccounting.call.CallContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The application's handler of a stream, called in the context of whoever asked. What it throws is
 * remembered: models hand it back as an error, and that is none of the stream's.
 */
final class AppHandler {
  private final StreamingChatResponseHandler handler;
  private final CallContext caller;
  private volatile @Nullable Throwable thrown;

  AppHandler(StreamingChatResponseHandler handler, CallContext caller) {
    this.handler = handler;
    this.caller = caller;
  }

  void call(Consumer<StreamingChatResponseHandler> news) {
    CallContext.Scope scope = caller.open();
    try {
      news.accept(handler);
    } catch (Throwable e) {
      thrown = e;
      throw e;
    } finally {
      scope.close();
    }
  }

  /** Whether the application has thrown {@code error} itself. */
  boolean hasThrown(Throwable error) {
    return thrown == error;
  }
}
