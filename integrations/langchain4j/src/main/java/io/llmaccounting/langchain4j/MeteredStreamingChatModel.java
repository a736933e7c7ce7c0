package io.llmaccounting.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Asking;
import io.llmaccounting.tap.internal.Underway;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A streaming chat model whose calls are metered, as {@link MeteredChatModel} does it. What comes
 * is handed on at once, on the thread on which it comes; only the end waits until it is recorded.
 * Safe for use by many threads if the model that it decorates is.
 *
 * <p>A call that a limit has no room for throws {@link
 * io.llmaccounting.limit.QuotaExceededException} before anything is sent. A stream that outgrows a
 * limit is cancelled, and {@code onError} gets that exception. Handlers are called in the {@link
 * CallContext} of the caller, so that the next turn of an AI service belongs to whoever asked the
 * first one. A stream that is cancelled by its handle is recorded as cancelled.
 */
public final class MeteredStreamingChatModel implements StreamingChatModel {
  private final StreamingChatModel model;
  private final Asking asking;

  private MeteredStreamingChatModel(StreamingChatModel model, Tap tap) {
    this.model = Objects.requireNonNull(model, "model is required, was null");
    this.asking = new Asking(tap);
  }

  /** Meters {@code model} by {@code meter}. */
  public static StreamingChatModel of(StreamingChatModel model, CallMeter meter) {
    return of(model, Tap.of(meter));
  }

  /** Meters {@code model} as {@code tap} says. */
  public static StreamingChatModel of(StreamingChatModel model, Tap tap) {
    return new MeteredStreamingChatModel(model, tap);
  }

  @Override
  public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
    metered(request, ChatRequestOptions.EMPTY, handler, metered -> model.chat(request, metered));
  }

  @Override
  public void chat(
      ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
    metered(request, options, handler, metered -> model.chat(request, options, metered));
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    metered(request, ChatRequestOptions.EMPTY, handler, metered -> model.doChat(request, metered));
  }

  private void metered(
      ChatRequest request,
      ChatRequestOptions options,
      StreamingChatResponseHandler handler,
      Consumer<StreamingChatResponseHandler> ask) {
    CallContext caller = CallContext.current();
    CallContext.Scope said = Said.open(options, asking.tap());
    try {
      Optional<MeteredRequest> metered =
          asking.request(
              () -> ChatAsked.of(request, model.defaultRequestParameters(), model.provider()),
              true);
      if (metered.isEmpty()) {
        ask.accept(handler);
      } else {
        stream(metered.get(), new AppHandler(handler, caller), ask);
      }
    } finally {
      said.close();
    }
  }

  private void stream(
      MeteredRequest request, AppHandler handler, Consumer<StreamingChatResponseHandler> ask) {
    Exchange exchange = Asking.begin(request);
    Underway underway = new Underway(exchange, CallContext.current());
    CallContext.Scope scope = underway.open();
    try {
      ask.accept(
          new MeteredHandler(
              handler, underway, asking, ChatAnswer.streamed(request.answers(), model.provider())));
    } catch (Throwable e) {
      Exchange.await(exchange.brokeOff(e), e);
      throw e;
    } finally {
      scope.close();
    }
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return model.listeners();
  }

  @Override
  public ModelProvider provider() {
    return model.provider();
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return model.supportedCapabilities();
  }
}
