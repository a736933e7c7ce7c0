package io.llmaccounting.spring;

import java.lang.reflect.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/** Tells what models are called whose answers do not tell it. */
final class ModelNames {
  static final String PROPERTY = LlmAccountingProperties.PREFIX + "metering.model-names";

  private final Map<String, String> said;

  ModelNames(Map<String, String> said) {
    this.said = Map.copyOf(said);
  }

  /** The name; null where neither the property nor the model says one. */
  @Nullable String of(Object model, String bean) {
    String name = said.get(bean);
    return name == null ? told(model) : name.strip();
  }

  // as the image models of LangChain4j's module for OpenAI have it
  private static @Nullable String told(Object model) {
    Method method = ReflectionUtils.findMethod(model.getClass(), "modelName");
    if (method == null || method.getReturnType() != String.class) {
      return null;
    }
    try {
      return method.invoke(model) instanceof String name && !name.isBlank() ? name.strip() : null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
