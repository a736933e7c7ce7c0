package io.llmaccounting.springai;

import io.llmaccounting.tap.internal.Accessors;
import io.llmaccounting.tap.internal.Asking;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Lets models of Spring AI 1.1 that stream like OpenAI's ask for usage, which they do not by
 * themselves. It comes in a piece without text after the others, which applications that did not
 * ask for it are not handed.
 *
 * @param prompt the prompt that asks for usage
 * @param isOurs whether the application did not ask for it
 */
record StreamUsage(Prompt prompt, boolean isOurs) {
  private static final String ASKED = "getStreamUsage";

  /**
   * Adds it to {@code prompt}, for a model with these options of its own, where that is possible.
   */
  static StreamUsage asked(Prompt prompt, @Nullable ChatOptions defaults, Asking asking) {
    try {
      return asked(prompt, defaults);
    } catch (RuntimeException e) {
      asking.tap().meter().adapterFailed(e);
      return new StreamUsage(prompt, false);
    }
  }

  private static StreamUsage asked(Prompt prompt, @Nullable ChatOptions defaults) {
    if (!Line.loopsInside() || asks(defaults) || asks(prompt.getOptions())) {
      return new StreamUsage(prompt, false);
    }
    ChatOptions own = prompt.getOptions();
    ChatOptions asking = own == null ? Line.copy(defaults) : Line.copyAs(own, defaults);
    return asking != null && set(asking)
        ? new StreamUsage(new Prompt(prompt.getInstructions(), asking), true)
        : new StreamUsage(prompt, false);
  }

  private static boolean asks(@Nullable ChatOptions options) {
    return Boolean.TRUE.equals(Accessors.ask(options, ASKED));
  }

  private static boolean set(ChatOptions options) {
    if (!Accessors.has(options, ASKED)) {
      return false;
    }
    try {
      Method setter = options.getClass().getMethod("setStreamUsage", Boolean.class);
      setter.invoke(options, true);
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Whether the application is to see {@code piece}. */
  boolean shows(ChatResponse piece) {
    return !isOurs || !piece.getResults().isEmpty() || !ChatAnswer.hasUsage(piece.getMetadata());
  }
}
