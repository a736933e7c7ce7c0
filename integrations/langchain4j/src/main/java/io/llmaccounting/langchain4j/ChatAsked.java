package io.llmaccounting.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.internal.Accessors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a chat request asks room for: the tokens of its texts, and the bound of its answer. */
final class ChatAsked {
  private ChatAsked() {}

  /** Models that stand in for real ones in tests may answer null to anything. */
  static CallRequest of(
      ChatRequest request, @Nullable ChatRequestParameters told, @Nullable ModelProvider provider) {
    ChatRequestParameters own = request.parameters();
    ChatRequestParameters defaults = told == null ? DefaultChatRequestParameters.EMPTY : told;
    String model = first(own.modelName(), defaults.modelName());
    CallRequest call = Asked.of(model, provider, "chat", characters(request, defaults));
    Number most = first(bound(own), bound(defaults));
    return most == null || most.longValue() < 0 ? call : call.maxOutputTokens(most.longValue());
  }

  private static <T> @Nullable T first(@Nullable T own, @Nullable T otherwise) {
    return own == null ? otherwise : own;
  }

  /** OpenAI's models have a bound of their own beside the common one. */
  private static @Nullable Number bound(ChatRequestParameters parameters) {
    return Accessors.ask(parameters, "maxCompletionTokens") instanceof Number most
        ? most
        : parameters.maxOutputTokens();
  }

  private static long characters(ChatRequest request, ChatRequestParameters defaults) {
    List<ToolSpecification> tools = request.parameters().toolSpecifications();
    List<ToolSpecification> more = defaults.toolSpecifications();
    List<ToolSpecification> offered =
        tools != null && !tools.isEmpty() ? tools : more == null ? List.of() : more;
    long characters = 0;
    for (ChatMessage message : request.messages()) {
      characters += characters(message);
    }
    for (ToolSpecification tool : offered) {
      characters += length(tool.name()) + length(tool.description());
      characters += tool.parameters() == null ? 0 : tool.parameters().toString().length();
    }
    return characters;
  }

  private static long characters(ChatMessage message) {
    if (message instanceof SystemMessage system) {
      return length(system.text());
    }
    if (message instanceof UserMessage user) {
      return characters(user.contents());
    }
    if (message instanceof ToolExecutionResultMessage result) {
      return characters(result.contents());
    }
    if (message instanceof AiMessage answer) {
      long characters = length(answer.text());
      for (ToolExecutionRequest asked : answer.toolExecutionRequests()) {
        characters += length(asked.name()) + length(asked.arguments());
      }
      return characters;
    }
    return 0;
  }

  private static long characters(List<Content> contents) {
    long characters = 0;
    for (Content content : contents) {
      characters += content instanceof TextContent text ? length(text.text()) : 0;
    }
    return characters;
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
