package io.llmaccounting.langchain4j;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.internal.Underway;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells the events of a stream before they are handed on. For one stream. */
final class TellingListener implements ServerSentEventListener {
  private final Underway call;
  private final ServerSentEventListener listener;
  private volatile boolean stopped;

  TellingListener(Underway call, ServerSentEventListener listener) {
    this.call = call;
    this.listener = listener;
  }

  @Override
  public void onOpen(SuccessfulHttpResponse response) {
    call.reads();
    call.exchange().responded(response.statusCode(), "text/event-stream", null);
    listener.onOpen(response);
  }

  @Override
  public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
    if (tell(event, context)) {
      listener.onEvent(event, context);
    }
  }

  @Override
  public void onEvent(ServerSentEvent event) {
    if (tell(event, null)) {
      listener.onEvent(event);
    }
  }

  /** Returns whether to hand the event on. */
  private boolean tell(ServerSentEvent event, @Nullable ServerSentEventContext context) {
    if (stopped) {
      return false;
    }
    try {
      byte[] bytes = Events.bytes(event);
      call.exchange().feed(bytes, 0, bytes.length);
      return true;
    } catch (QuotaExceededException denied) {
      stop(denied, context);
      return false;
    }
  }

  private void stop(QuotaExceededException denied, @Nullable ServerSentEventContext context) {
    stopped = true;
    if (context != null) {
      try {
        context.parsingHandle().cancel();
      } catch (RuntimeException e) {
        denied.addSuppressed(e);
      }
    }
    listener.onError(denied);
  }

  @Override
  public void onError(Throwable error) {
    if (error instanceof HttpException status) {
      TellingClient.tellStatus(call, status);
    }
    if (!stopped) {
      listener.onError(error);
    }
  }

  /** Ends the call before it is handed on, for not every model calls its handler then. */
  @Override
  public void onClose() {
    if (!call.isCancelling()) {
      CompletionStage<Void> unused = call.exchange().completed();
    }
    if (!stopped) {
      listener.onClose();
    }
  }
}
