package io.llmaccounting.springai;

import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.internal.Asking;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;

/** Meters what is asked of the model, next to it. */
final class MeteringAdvisor implements CallAdvisor, StreamAdvisor {
  private final Asking asking;

  MeteringAdvisor(Asking asking) {
    this.asking = asking;
  }

  @Override
  public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
    Prompt prompt = request.prompt();
    String module = Seller.module(prompt.getOptions());
    Optional<MeteredRequest> metered =
        asking.request(() -> ChatAsked.of(prompt, null, module), false);
    return metered.isEmpty()
        ? chain.nextCall(request)
        : asking.ask(
            metered.get(),
            () -> chain.nextCall(request),
            (answer, isRead) ->
                ChatAnswer.whole(
                    answer == null ? null : answer.chatResponse(),
                    module,
                    OfferedTools.areLooped(prompt, null)));
  }

  @Override
  public Flux<ChatClientResponse> adviseStream(
      ChatClientRequest request, StreamAdvisorChain chain) {
    Prompt prompt = request.prompt();
    ChatOptions options = prompt.getOptions();
    String module = Seller.module(options);
    StreamUsage usage = StreamUsage.asked(prompt, options, asking);
    ChatClientRequest sent =
        usage.isOurs() ? request.mutate().prompt(usage.prompt()).build() : request;
    Function<ChatClientResponse, @Nullable ChatResponse> response =
        ChatClientResponse::chatResponse;
    return new Streaming<>(
            asking,
            () -> ChatAsked.of(prompt, null, module),
            () -> chain.nextStream(sent),
            response,
            new Streaming.Told(module, OfferedTools.areLooped(prompt, null)))
        .metered()
        .filter(piece -> piece.chatResponse() == null || usage.shows(piece.chatResponse()));
  }

  @Override
  public String getName() {
    return "LLM Accounting";
  }

  /** The model itself is asked by an advisor of the lowest precedence. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE - 1;
  }
}
