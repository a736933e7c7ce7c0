package io.llmaccounting.springai;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.internal.Underway;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.model.tool.ToolExecutionResult;
import org.springframework.ai.model.tool.internal.ToolCallReactiveContextHolder;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * The loop in which a model of Spring AI 1.1 is asked, runs tools, and is asked again, outside of
 * the model: so that each turn is a call of its own, for which limits are asked. Tools are run by
 * the model's own manager, in the context of whoever asked and outside of any call. The application
 * is shown what the model would show, with the usage of all turns until then.
 *
 * @param turns ask the model, which runs no tools
 * @param tools what the model runs tools with
 * @param offered the tools
 * @param first what the model is asked first
 * @param settle ends a call that a layer further out has under way, with the answer of its turn
 */
record ToolLoop(
    Turns turns,
    ToolCallingManager tools,
    OfferedTools offered,
    Prompt first,
    BiConsumer<Underway, ChatResponse> settle) {

  /** Asks a model once. */
  record Turns(Function<Prompt, ChatResponse> call, Function<Prompt, Flux<ChatResponse>> stream) {}

  ChatResponse call() {
    return call(first, null, Underway.current());
  }

  private ChatResponse call(Prompt turn, @Nullable ChatResponse before, Optional<Underway> around) {
    CallContext caller = around.map(Underway::caller).orElse(CallContext.current());
    ChatResponse own = turns.call().apply(turn);
    if (own == null) {
      return own;
    }
    ChatResponse shown = ToolCalls.summed(own, before);
    if (!own.hasToolCalls()) {
      return shown;
    }
    around.ifPresent(outer -> settle.accept(outer, own));
    CallContext.Scope scope = caller.open();
    try {
      ToolExecutionResult result = tools.executeToolCalls(offered.merged(turn), shown);
      return result.returnDirect()
          ? direct(shown, result)
          : call(next(turn, result), shown, Optional.empty());
    } finally {
      scope.close();
    }
  }

  private static Prompt next(Prompt turn, ToolExecutionResult result) {
    return new Prompt(result.conversationHistory(), turn.getOptions());
  }

  private static ChatResponse direct(ChatResponse shown, ToolExecutionResult result) {
    return ChatResponse.builder()
        .from(shown)
        .generations(ToolExecutionResult.buildGenerations(result))
        .build();
  }

  Flux<ChatResponse> stream() {
    CallContext made = CallContext.current();
    return Flux.deferContextual(
        view -> {
          CallContext.Scope caller = Callers.open(view, made);
          try {
            return stream(first, null, Underway.current());
          } finally {
            caller.close();
          }
        });
  }

  private Flux<ChatResponse> stream(
      Prompt turn, @Nullable ChatResponse before, Optional<Underway> around) {
    CallContext caller = around.map(Underway::caller).orElse(CallContext.current());
    ToolCalls asked = new ToolCalls();
    return turns.stream()
        .apply(turn)
        .doOnNext(asked::seen)
        .filter(piece -> !piece.hasToolCalls())
        .map(piece -> ToolCalls.summed(piece, before))
        .concatWith(
            Flux.defer(
                () -> {
                  ChatResponse own = asked.response();
                  if (own == null) {
                    return Flux.empty();
                  }
                  ChatResponse shown = ToolCalls.summed(own, before);
                  return run(
                      () -> {
                        around.ifPresent(outer -> settle.accept(outer, own));
                        return caller.open();
                      },
                      turn,
                      shown);
                }));
  }

  /** Where a scope comes from. */
  private interface Opening {
    CallContext.Scope open();
  }

  /** Runs the tools, which may block, and goes on. */
  private Flux<ChatResponse> run(Opening opening, Prompt turn, ChatResponse shown) {
    return Flux.<ChatResponse>deferContextual(
            view -> {
              CallContext.Scope scope = opening.open();
              ToolCallReactiveContextHolder.setContext(view);
              try {
                ToolExecutionResult result = tools.executeToolCalls(offered.merged(turn), shown);
                return result.returnDirect()
                    ? Flux.just(direct(shown, result))
                    : stream(next(turn, result), shown, Optional.empty());
              } finally {
                ToolCallReactiveContextHolder.clearContext();
                scope.close();
              }
            })
        .subscribeOn(Schedulers.boundedElastic());
  }
}
