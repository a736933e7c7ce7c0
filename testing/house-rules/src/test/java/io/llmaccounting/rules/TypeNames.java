package io.llmaccounting.rules;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Names of types as they are read, a question mark behind what may be null. */
final class TypeNames {
  private TypeNames() {}

  /** For instance {@code List<String?>}. */
  static String of(AnnotatedType type) {
    return plain(type) + (type.isAnnotationPresent(Nullable.class) ? "?" : "");
  }

  private static String plain(AnnotatedType type) {
    if (type instanceof AnnotatedArrayType array) {
      return of(array.getAnnotatedGenericComponentType()) + "[]";
    }
    if (type instanceof AnnotatedWildcardType wildcard) {
      return wildcard(wildcard);
    }
    if (type instanceof AnnotatedParameterizedType parameterized) {
      Type raw = ((ParameterizedType) parameterized.getType()).getRawType();
      return Stream.of(parameterized.getAnnotatedActualTypeArguments())
          .map(TypeNames::of)
          .collect(Collectors.joining(", ", shortened((Class<?>) raw) + "<", ">"));
    }
    return type.getType() instanceof Class<?> named
        ? shortened(named)
        : type.getType().getTypeName();
  }

  private static String wildcard(AnnotatedWildcardType type) {
    if (type.getAnnotatedLowerBounds().length > 0) {
      return "? super " + of(type.getAnnotatedLowerBounds()[0]);
    }
    String bound = of(type.getAnnotatedUpperBounds()[0]);
    return bound.equals("Object") ? "?" : "? extends " + bound;
  }

  // Simple names where nobody doubts the package.
  private static String shortened(Class<?> type) {
    String name = type.getName().replace('$', '.');
    return name.startsWith("java.") || name.startsWith("io.llmaccounting.")
        ? name.substring(type.getPackageName().length() + 1)
        : name;
  }
}
