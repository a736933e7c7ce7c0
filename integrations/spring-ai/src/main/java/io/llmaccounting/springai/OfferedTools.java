package io.llmaccounting.springai;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.ModelOptionsUtils;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;

/**
 * The tools that a prompt offers to a model of Spring AI 1.1: its own, and where it has none, the
 * model's. In 1.1 only.
 *
 * @param own the options of the prompt
 * @param defaults those of the model
 */
record OfferedTools(
    @Nullable ToolCallingChatOptions own, @Nullable ToolCallingChatOptions defaults) {

  static OfferedTools of(Prompt prompt, @Nullable ChatOptions defaults) {
    return new OfferedTools(
        own(prompt.getOptions()), defaults instanceof ToolCallingChatOptions told ? told : null);
  }

  private static @Nullable ToolCallingChatOptions own(@Nullable ChatOptions options) {
    return options == null || options instanceof ToolCallingChatOptions
        ? (ToolCallingChatOptions) options
        : ModelOptionsUtils.copyToTarget(
            options, ChatOptions.class, DefaultToolCallingChatOptions.class);
  }

  /** Whether the model makes a loop of {@code prompt} itself, of which only the end is seen. */
  static boolean areLooped(Prompt prompt, @Nullable ChatOptions defaults) {
    try {
      return Line.loopsInside() && of(prompt, defaults).areRunByTheModel();
    } catch (RuntimeException e) {
      // options that nobody here knows: their usage is taken for that of one turn
      return false;
    }
  }

  /** Whether the model would run tools by itself. */
  boolean areRunByTheModel() {
    Boolean said = own == null ? null : own.getInternalToolExecutionEnabled();
    if (said == null && defaults != null) {
      said = defaults.getInternalToolExecutionEnabled();
    }
    return !Boolean.FALSE.equals(said) && !(callbacks().isEmpty() && names().isEmpty());
  }

  private List<ToolCallback> callbacks() {
    List<ToolCallback> said = own == null ? null : own.getToolCallbacks();
    List<ToolCallback> told = defaults == null ? null : defaults.getToolCallbacks();
    return said != null && !said.isEmpty() ? said : told == null ? List.of() : told;
  }

  private Set<String> names() {
    Set<String> said = own == null ? null : own.getToolNames();
    Set<String> told = defaults == null ? null : defaults.getToolNames();
    return said != null && !said.isEmpty() ? said : told == null ? Set.of() : told;
  }

  private Map<String, Object> context() {
    Map<String, Object> all = new HashMap<>();
    if (defaults != null && defaults.getToolContext() != null) {
      all.putAll(defaults.getToolContext());
    }
    if (own != null && own.getToolContext() != null) {
      all.putAll(own.getToolContext());
    }
    return all;
  }

  /** {@code prompt}, asked of a model that is not to run the tools. */
  Prompt handedBack(Prompt prompt) {
    ToolCallingChatOptions options = options();
    options.setInternalToolExecutionEnabled(false);
    return new Prompt(prompt.getInstructions(), options);
  }

  /** {@code prompt} with all options that the tools are run by. */
  Prompt merged(Prompt prompt) {
    ToolCallingChatOptions options = options();
    options.setToolCallbacks(List.copyOf(callbacks()));
    options.setToolNames(new HashSet<>(names()));
    options.setToolContext(context());
    return new Prompt(prompt.getInstructions(), options);
  }

  private ToolCallingChatOptions options() {
    return own == null ? ToolCallingChatOptions.builder().build() : own.copy();
  }
}
