package io.llmaccounting.tap.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks objects of a framework's modules for what their common type does not have. By name, because
 * an application has the modules of its providers only, and modules that nobody here knows name
 * alike what they tell.
 */
public final class Accessors {
  private static final ClassValue<Map<String, Optional<Method>>> KNOWN =
      new ClassValue<>() {
        @Override
        protected Map<String, Optional<Method>> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private Accessors() {}

  /** What {@code of} answers to {@code accessor}; null if it has none, or if that fails. */
  public static @Nullable Object ask(@Nullable Object of, String accessor) {
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

  /** What {@code of} answers to {@code accessor} of {@code argument}; null as above. */
  public static @Nullable Object ask(
      Object of, String accessor, Class<?> argumentType, Object argument) {
    try {
      return of.getClass().getMethod(accessor, argumentType).invoke(of, argument);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /** Whether {@code of} has {@code accessor}. */
  public static boolean has(Object of, String accessor) {
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
