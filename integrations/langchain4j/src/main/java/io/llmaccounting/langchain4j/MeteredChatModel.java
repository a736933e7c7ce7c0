package io.llmaccounting.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Asking;
import io.llmaccounting.usage.Attribution;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A chat model whose calls are metered. Each call is one record, however often the model repeats
 * its request; each turn of an AI service's tool loop is a call. Everything else is answered by the
 * model that it decorates. Safe for use by many threads if that model is.
 *
 * <p>A call that a limit has no room for throws {@link
 * io.llmaccounting.limit.QuotaExceededException}; nothing is sent, and nothing repeats it. Who
 * calls is in the {@link CallContext} of the thread that calls, or in the options of the call.
 */
public final class MeteredChatModel implements ChatModel {
  private final ChatModel model;
  private final Asking asking;

  private MeteredChatModel(ChatModel model, Tap tap) {
    this.model = Objects.requireNonNull(model, "model is required, was null");
    this.asking = new Asking(tap);
  }

  /** Meters {@code model} by {@code meter}. */
  public static ChatModel of(ChatModel model, CallMeter meter) {
    return of(model, Tap.of(meter));
  }

  /** Meters {@code model} as {@code tap} says. */
  public static ChatModel of(ChatModel model, Tap tap) {
    return new MeteredChatModel(model, tap);
  }

  /**
   * Says who makes one call, before its {@link CallContext} does. In options with other attributes
   * it is the attribute {@code CallContext.class} with a context as its value.
   */
  public static ChatRequestOptions attribution(Attribution attribution) {
    return Said.options(CallContext.of(attribution));
  }

  /** Options, as {@link #attribution}, of a call that is not metered. */
  public static ChatRequestOptions unmetered() {
    return Said.options(CallContext.unmetered());
  }

  @Override
  public ChatResponse chat(ChatRequest request) {
    return metered(request, ChatRequestOptions.EMPTY, () -> model.chat(request));
  }

  @Override
  public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
    return metered(request, options, () -> model.chat(request, options));
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    return metered(request, ChatRequestOptions.EMPTY, () -> model.doChat(request));
  }

  private ChatResponse metered(
      ChatRequest request, ChatRequestOptions options, Supplier<ChatResponse> ask) {
    CallContext.Scope said = Said.open(options, asking.tap());
    try {
      Optional<MeteredRequest> metered =
          asking.request(
              () -> ChatAsked.of(request, model.defaultRequestParameters(), model.provider()),
              false);
      return metered.isEmpty()
          ? ask.get()
          : asking.ask(metered.get(), ask, ChatAnswer.whole(metered.get().answers()));
    } finally {
      said.close();
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
