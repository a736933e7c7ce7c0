package io.llmaccounting.springai;

import io.llmaccounting.tap.internal.Accessors;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.ModelOptionsUtils;
import org.springframework.ai.model.tool.DefaultToolExecutionEligibilityPredicate;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.model.tool.ToolExecutionEligibilityPredicate;

/**
 * What differs between Spring AI 1.1, with which this is compiled, and 2.0. Whatever either lacks
 * is asked for by name, or only where it is known to be there.
 */
final class Line {
  private static final boolean LOOPS_INSIDE =
      has(ToolCallingChatOptions.class, "getInternalToolExecutionEnabled");

  private Line() {}

  /** Whether models run tools and ask again by themselves, as those of 1.1 do. */
  static boolean loopsInside() {
    return LOOPS_INSIDE;
  }

  /**
   * The options that {@code model} asks with where a prompt says nothing; null if it has none. 2.0
   * has another name for them and is going to drop the first.
   */
  static @Nullable ChatOptions defaults(ChatModel model) {
    Object named = Accessors.ask(model, "getOptions");
    Object found = named == null ? Accessors.ask(model, "getDefaultOptions") : named;
    return found instanceof ChatOptions options ? options : null;
  }

  /** A copy that can be changed; null if there is none. In 1.1 only. */
  static @Nullable ChatOptions copy(@Nullable ChatOptions options) {
    return options == null ? null : options.copy();
  }

  /**
   * A copy of {@code options}, of the type that a model with {@code defaults} has, as that model
   * makes one itself; null if there is none. In 1.1 only.
   */
  static @Nullable ChatOptions copyAs(ChatOptions options, @Nullable ChatOptions defaults) {
    if (defaults == null || defaults.getClass().isInstance(options)) {
      return options.copy();
    }
    Class<? extends ChatOptions> type = defaults.getClass();
    if (options instanceof ToolCallingChatOptions tools) {
      return defaults instanceof ToolCallingChatOptions offering
          ? ModelOptionsUtils.copyToTarget(tools, ToolCallingChatOptions.class, offering.getClass())
          : null;
    }
    return ModelOptionsUtils.copyToTarget(options, ChatOptions.class, type);
  }

  /**
   * What {@code model} runs tools with, which no model of 1.1 tells otherwise; null where it can
   * not be found.
   */
  static @Nullable ToolCallingManager tools(ChatModel model) {
    return part(model, ToolCallingManager.class);
  }

  /**
   * Whether {@code model} asks the application which tools are to be run, as for an approval by
   * people: then only the model itself may run them. In 1.1 only.
   */
  static boolean asksBeforeTools(ChatModel model) {
    ToolExecutionEligibilityPredicate said = part(model, ToolExecutionEligibilityPredicate.class);
    return said != null && !(said instanceof DefaultToolExecutionEligibilityPredicate);
  }

  /**
   * The part of this type that {@code model} keeps for itself. Models of 1.1 hand out less than
   * they have; where a module is closed, or a native image has forgotten it, that stays unknown.
   */
  static <T> @Nullable T part(Object model, Class<T> type) {
    for (Class<?> at = model.getClass(); at != null; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (type.isAssignableFrom(field.getType()) && !Modifier.isStatic(field.getModifiers())) {
          return part(model, field, type);
        }
      }
    }
    return null;
  }

  private static <T> @Nullable T part(Object model, Field field, Class<T> type) {
    try {
      field.setAccessible(true);
      return type.cast(field.get(model));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  private static boolean has(Class<?> type, String name) {
    for (Method method : type.getMethods()) {
      if (method.getName().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
