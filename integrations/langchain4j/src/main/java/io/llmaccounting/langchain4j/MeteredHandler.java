package io.llmaccounting.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.internal.Asking;
import io.llmaccounting.tap.internal.Underway;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hears a stream, tells its exchange, and hands on to the application. For one stream. */
final class MeteredHandler implements StreamingChatResponseHandler {
  private final AppHandler app;
  private final Underway underway;
  private final Asking asking;
  private final Asking.Reading<ChatResponse> reading;
  private final AtomicLong characters = new AtomicLong();
  private volatile boolean stopped;

  MeteredHandler(
      AppHandler app, Underway underway, Asking asking, Asking.Reading<ChatResponse> reading) {
    this.app = app;
    this.underway = underway;
    this.asking = asking;
    this.reading = reading;
  }

  @Override
  public void onPartialResponse(String text) {
    seen(text, null, handler -> handler.onPartialResponse(text));
  }

  @Override
  public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
    StreamingHandle handle = tapped(context.streamingHandle());
    seen(
        piece.text(),
        handle,
        handler -> handler.onPartialResponse(piece, new PartialResponseContext(handle)));
  }

  @Override
  public void onPartialThinking(PartialThinking piece) {
    seen(piece.text(), null, handler -> handler.onPartialThinking(piece));
  }

  @Override
  public void onPartialThinking(PartialThinking piece, PartialThinkingContext context) {
    StreamingHandle handle = tapped(context.streamingHandle());
    seen(
        piece.text(),
        handle,
        handler -> handler.onPartialThinking(piece, new PartialThinkingContext(handle)));
  }

  @Override
  public void onPartialToolCall(PartialToolCall piece) {
    seen(piece.partialArguments(), null, handler -> handler.onPartialToolCall(piece));
  }

  @Override
  public void onPartialToolCall(PartialToolCall piece, PartialToolCallContext context) {
    StreamingHandle handle = tapped(context.streamingHandle());
    seen(
        piece.partialArguments(),
        handle,
        handler -> handler.onPartialToolCall(piece, new PartialToolCallContext(handle)));
  }

  @Override
  public void onCompleteToolCall(CompleteToolCall call) {
    pass(handler -> handler.onCompleteToolCall(call));
  }

  @Override
  public void onUnmappedRawEvent(Object event) {
    pass(handler -> handler.onUnmappedRawEvent(event));
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    if (stopped) {
      return;
    }
    Exchange exchange = underway.exchange();
    try {
      asking.complete(exchange, Asking.told(response, underway.isRead(), reading));
    } catch (RuntimeException e) {
      app.call(handler -> handler.onError(e));
      return;
    }
    app.call(handler -> handler.onCompleteResponse(response));
  }

  @Override
  public void onError(Throwable error) {
    if (stopped) {
      return;
    }
    if (!app.hasThrown(error) && !underway.isCancelling()) {
      Exchange.await(underway.exchange().failed(error), error);
    }
    app.call(handler -> handler.onError(error));
  }

  private void seen(
      @Nullable String text,
      @Nullable StreamingHandle handle,
      Consumer<StreamingChatResponseHandler> news) {
    if (stopped) {
      return;
    }
    try {
      long all = characters.addAndGet(text == null ? 0 : text.length());
      if (!underway.isRead()) {
        underway.exchange().textSeen(all);
      }
    } catch (QuotaExceededException denied) {
      stop(handle, denied);
      return;
    }
    app.call(news);
  }

  /** Not every model can be stopped: what it sends nevertheless reaches nobody. */
  private void stop(@Nullable StreamingHandle handle, QuotaExceededException denied) {
    stopped = true;
    if (handle != null) {
      try {
        handle.cancel();
      } catch (RuntimeException e) {
        denied.addSuppressed(e);
      }
    }
    app.call(handler -> handler.onError(denied));
  }

  private void pass(Consumer<StreamingChatResponseHandler> news) {
    if (!stopped) {
      app.call(news);
    }
  }

  /** A handle whose cancelling ends the call. */
  private StreamingHandle tapped(StreamingHandle handle) {
    return new StreamingHandle() {
      @Override
      public void cancel() {
        underway.cancel(handle::cancel);
      }

      @Override
      public boolean isCancelled() {
        return handle.isCancelled();
      }
    };
  }
}
