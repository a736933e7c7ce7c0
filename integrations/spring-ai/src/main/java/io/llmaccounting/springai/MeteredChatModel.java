package io.llmaccounting.springai;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Asking;
import io.llmaccounting.usage.Attribution;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/**
 * A chat model whose calls are metered. Each call is one record, however often the model repeats
 * its request; each turn of a loop with tools is a call, also where Spring AI 1.1 loops inside of
 * the model. Everything else is answered by the model that it decorates. Safe for use by many
 * threads if that model is.
 *
 * <p>A call that a limit has no room for throws {@link
 * io.llmaccounting.limit.QuotaExceededException}, or its stream fails with it; nothing is sent. A
 * stream that outgrows a limit is cancelled and fails with the same. One that is cancelled is
 * recorded as cancelled. Streams wait for nothing: their end follows once it is recorded.
 *
 * <p>Who calls is in the {@link CallContext} of the thread that calls. A stream belongs to the
 * context in which it was made; {@link #calledBy} says it where that is another thread's.
 */
public final class MeteredChatModel implements ChatModel {
  private final ChatModel model;
  private final Asking asking;
  private final @Nullable ToolCallingManager tools;
  private final String module;

  private MeteredChatModel(ChatModel model, Tap tap, @Nullable ToolCallingManager tools) {
    this.model = Objects.requireNonNull(model, "model is required, was null");
    this.asking = new Asking(tap);
    boolean keepsItsLoop = !Line.loopsInside() || Line.asksBeforeTools(model);
    this.tools = keepsItsLoop ? null : tools;
    String named = Seller.module(Line.defaults(model));
    this.module = named.isEmpty() ? Seller.module(model) : named;
  }

  /** Meters {@code model} by {@code meter}. */
  public static ChatModel of(ChatModel model, CallMeter meter) {
    return of(model, Tap.of(meter));
  }

  /** Meters {@code model} as {@code tap} says. */
  public static ChatModel of(ChatModel model, Tap tap) {
    Objects.requireNonNull(model, "model is required, was null");
    return new MeteredChatModel(model, tap, Line.loopsInside() ? Line.tools(model) : null);
  }

  /**
   * Meters {@code model} as {@code tap} says, and runs its tools by {@code tools} where the model
   * would run them itself, as in Spring AI 1.1. For models whose own manager cannot be found, above
   * all in native images: a loop of theirs would be one record, with the sum of its turns.
   *
   * <p>A model with a {@code ToolExecutionEligibilityPredicate} of the application's runs its tools
   * itself all the same, as that says, and its loop is one record.
   *
   * @param tools the manager that the model was built with
   */
  public static ChatModel of(ChatModel model, Tap tap, ToolCallingManager tools) {
    Objects.requireNonNull(tools, "tools is required, was null");
    return new MeteredChatModel(model, tap, tools);
  }

  /**
   * Says who asks for a stream, to be handed to its {@code contextWrite}. It comes before what the
   * {@link CallContext} of the thread says.
   */
  public static Function<Context, Context> calledBy(Attribution attribution) {
    CallContext said = CallContext.of(attribution);
    return context -> context.put(CallContext.class, said);
  }

  /** Says, as {@link #calledBy}, that a stream is not metered. */
  public static Function<Context, Context> unmetered() {
    return context -> context.put(CallContext.class, CallContext.unmetered());
  }

  @Override
  public ChatResponse call(Prompt prompt) {
    if (!CallContext.current().isMetered()) {
      return model.call(prompt);
    }
    ToolLoop loop = loop(prompt);
    return loop == null ? turn(prompt) : loop.call();
  }

  @Override
  public Flux<ChatResponse> stream(Prompt prompt) {
    ToolLoop loop = loop(prompt);
    return loop == null ? streamedTurn(prompt) : loop.stream();
  }

  /** The loop that the model would make of {@code prompt} itself; null if it makes none. */
  private @Nullable ToolLoop loop(Prompt prompt) {
    if (tools == null || !Line.loopsInside()) {
      return null;
    }
    try {
      return loop(prompt, tools);
    } catch (RuntimeException e) {
      asking.tap().meter().adapterFailed(e);
      return null;
    }
  }

  private @Nullable ToolLoop loop(Prompt prompt, ToolCallingManager tools) {
    OfferedTools offered = OfferedTools.of(prompt, Line.defaults(model));
    return offered.areRunByTheModel()
        ? new ToolLoop(
            new ToolLoop.Turns(this::turn, this::streamedTurn),
            tools,
            offered,
            offered.handedBack(prompt),
            (outer, answer) ->
                asking.complete(outer.exchange(), ChatAnswer.whole(answer, module, false)))
        : null;
  }

  private ChatResponse turn(Prompt prompt) {
    ChatOptions defaults = Line.defaults(model);
    Optional<MeteredRequest> request =
        asking.request(() -> ChatAsked.of(prompt, defaults, module), false);
    return request.isEmpty()
        ? model.call(prompt)
        : asking.ask(
            request.get(),
            () -> model.call(prompt),
            (answer, isRead) ->
                ChatAnswer.whole(answer, module, OfferedTools.areLooped(prompt, defaults)));
  }

  private Flux<ChatResponse> streamedTurn(Prompt prompt) {
    ChatOptions defaults = Line.defaults(model);
    StreamUsage usage = StreamUsage.asked(prompt, defaults, asking);
    return new Streaming<>(
            asking,
            () -> ChatAsked.of(prompt, defaults, module),
            () -> model.stream(usage.prompt()),
            piece -> piece,
            new Streaming.Told(module, OfferedTools.areLooped(prompt, defaults)))
        .metered()
        .filter(usage::shows);
  }

  /** The options of the model, under the name that Spring AI 1.1 has for them. */
  @Override
  @SuppressWarnings("removal")
  public ChatOptions getDefaultOptions() {
    return model.getDefaultOptions();
  }

  /** The options of the model, under the name that Spring AI 2.0 has for them. */
  public ChatOptions getOptions() {
    ChatOptions options = Line.defaults(model);
    return options == null ? ChatOptions.builder().build() : options;
  }

  @Override
  public String toString() {
    return "MeteredChatModel[" + model + "]";
  }
}
