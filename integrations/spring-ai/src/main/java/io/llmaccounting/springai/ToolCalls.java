package io.llmaccounting.springai;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.support.UsageCalculator;

/**
 * The tools that a streamed turn asks for. Some models say each in a piece of its own, others say
 * all of them twice. For one turn, whose pieces come one after the other.
 */
final class ToolCalls {
  private final Map<String, AssistantMessage.ToolCall> calls = new LinkedHashMap<>();
  private @Nullable ChatResponse last;
  private @Nullable Usage usage;

  /** The next piece. */
  void seen(ChatResponse piece) {
    if (ChatAnswer.hasUsage(piece.getMetadata())) {
      usage = piece.getMetadata().getUsage();
    }
    if (piece.hasToolCalls()) {
      last = piece;
      for (Generation generation : piece.getResults()) {
        for (AssistantMessage.ToolCall call : generation.getOutput().getToolCalls()) {
          calls.put(call.id() + ' ' + call.name(), call);
        }
      }
    }
  }

  /** The turn as one response that asks for all of them; null if it asks for none. */
  @Nullable ChatResponse response() {
    ChatResponse piece = last;
    if (piece == null) {
      return null;
    }
    long said = piece.getResults().stream().mapToLong(ToolCalls::count).sum();
    ChatResponse whole = said == calls.size() ? piece : together(piece);
    return usage == null || usage.equals(piece.getMetadata().getUsage())
        ? whole
        : withUsage(whole, usage);
  }

  private static long count(Generation generation) {
    return generation.getOutput().getToolCalls().size();
  }

  private ChatResponse together(ChatResponse piece) {
    AssistantMessage message =
        AssistantMessage.builder().content("").toolCalls(List.copyOf(calls.values())).build();
    return ChatResponse.builder()
        .from(piece)
        .generations(List.of(new Generation(message, piece.getResult().getMetadata())))
        .build();
  }

  /** A response with the usage of those before added, as models that loop show it. */
  static ChatResponse summed(ChatResponse response, @Nullable ChatResponse before) {
    Usage own = response.getMetadata().getUsage();
    Usage sum = UsageCalculator.getCumulativeUsage(own, before);
    return sum == own ? response : withUsage(response, sum);
  }

  private static ChatResponse withUsage(ChatResponse response, Usage usage) {
    ChatResponseMetadata told = response.getMetadata();
    ChatResponseMetadata.Builder metadata =
        ChatResponseMetadata.builder()
            .id(told.getId())
            .model(told.getModel())
            .rateLimit(told.getRateLimit())
            .promptMetadata(told.getPromptMetadata())
            .usage(usage);
    told.entrySet().forEach(entry -> metadata.keyValue(entry.getKey(), entry.getValue()));
    return new ChatResponse(response.getResults(), metadata.build());
  }
}
