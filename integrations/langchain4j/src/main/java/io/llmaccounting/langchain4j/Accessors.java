package io.llmaccounting.langchain4j;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks objects of LangChain4j's modules for what their common type does not have. By name, because
 * an application has the modules of its providers only, and modules that nobody here knows name
 * alike what they tell.
 */
final class Accessors {
  private static final ClassValue<Map<String, Optional<Method>>> KNOWN =
      new ClassValue<>() {
        @Override
        protected Map<String, Optional<Method>> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private Accessors() {}

  /** What {@code of} answers to {@code accessor}; null if it has none, or if that fails. */
  static @Nullable Object ask(@Nullable Object of, String accessor) {
    if (of == null) {
      return null;
    }
    Optional<Method> method =
        KNOWN.get(of.getClass()).computeIfAbsent(accessor, name -> find(of.getClass(), name));
    try {
      return method.isEmpty() ? null : method.get().invoke(of);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /** Whether {@code of} has {@code accessor}. */
  static boolean has(Object of, String accessor) {
    return KNOWN
        .get(of.getClass())
        .computeIfAbsent(accessor, name -> find(of.getClass(), name))
        .isPresent();
  }

  private static Optional<Method> find(Class<?> type, String accessor) {
    try {
      Method method = type.getMethod(accessor);
      return Modifier.isPublic(method.getDeclaringClass().getModifiers())
          ? Optional.of(method)
          : Optional.empty();
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    }
  }
}
