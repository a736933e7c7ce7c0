package io.llmaccounting.springai;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.internal.Accessors;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/** What a prompt asks room for: the tokens of its texts, and the bound of its answer. */
final class ChatAsked {
  private ChatAsked() {}

  /**
   * What {@code prompt} asks for.
   *
   * @param defaults the options of the model, where it is known
   * @param module whose model it is, see {@link Seller}
   */
  static CallRequest of(Prompt prompt, @Nullable ChatOptions defaults, String module) {
    ChatOptions own = prompt.getOptions();
    String said = own == null ? null : own.getModel();
    String model = said == null && defaults != null ? defaults.getModel() : said;
    CallRequest call = Asked.of(model, module, "chat", characters(prompt, defaults));
    Number bound = bound(own);
    Number most = bound == null ? bound(defaults) : bound;
    return most == null || most.longValue() < 0 ? call : call.maxOutputTokens(most.longValue());
  }

  /** OpenAI's models have a bound of their own beside the common one. */
  private static @Nullable Number bound(@Nullable ChatOptions options) {
    if (Accessors.ask(options, "getMaxCompletionTokens") instanceof Number most) {
      return most;
    }
    return options == null ? null : options.getMaxTokens();
  }

  private static long characters(Prompt prompt, @Nullable ChatOptions defaults) {
    long characters = 0;
    for (Message message : prompt.getInstructions()) {
      characters += characters(message);
    }
    List<ToolCallback> own = tools(prompt.getOptions());
    for (ToolCallback tool : own.isEmpty() ? tools(defaults) : own) {
      ToolDefinition offered = tool.getToolDefinition();
      characters += Asked.length(offered.name());
      characters += Asked.length(offered.description());
      characters += Asked.length(offered.inputSchema());
    }
    return characters;
  }

  private static List<ToolCallback> tools(@Nullable ChatOptions options) {
    List<ToolCallback> tools =
        options instanceof ToolCallingChatOptions offering ? offering.getToolCallbacks() : null;
    return tools == null ? List.of() : tools;
  }

  private static long characters(Message message) {
    long characters = Asked.length(message.getText());
    if (message instanceof AssistantMessage answer) {
      for (AssistantMessage.ToolCall asked : answer.getToolCalls()) {
        characters += Asked.length(asked.name()) + Asked.length(asked.arguments());
      }
    }
    if (message instanceof ToolResponseMessage results) {
      for (ToolResponseMessage.ToolResponse result : results.getResponses()) {
        characters += Asked.length(result.responseData());
      }
    }
    return characters;
  }
}
