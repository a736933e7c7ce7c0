package io.llmaccounting.spring;

import io.llmaccounting.call.CallMeter;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A type of models whose beans are metered. Beans of this type may be added for types of one's own.
 *
 * @param type the interface that models of this kind have
 * @param tellsName whether the answers of models of this kind tell which model it was
 * @param meter decorates one
 */
record Meterable<T>(Class<T> type, boolean tellsName, Decorator<T> meter) {
  /** Decorates a model. */
  @FunctionalInterface
  interface Decorator<T> {
    /**
     * The model, metered.
     *
     * @param name what it is called where its kind does not tell
     */
    T around(T model, String name, CallMeter by);
  }

  /** A kind of models that tell which one they are. */
  static <T> Meterable<T> telling(Class<T> type, BiFunction<T, CallMeter, T> meter) {
    return new Meterable<>(type, true, (model, name, by) -> meter.apply(model, by));
  }

  /** A kind of models whose name has to be said. */
  static <T> Meterable<T> named(Class<T> type, Decorator<T> meter) {
    return new Meterable<>(type, false, meter);
  }

  /**
   * The model, metered; null where its name has to be said and is not.
   *
   * @param name what it is called; null where nobody says it
   */
  @Nullable Object metered(Object model, @Nullable String name, CallMeter by) {
    if (tellsName) {
      return meter.around(type.cast(model), "", by);
    }
    return name == null ? null : meter.around(type.cast(model), name, by);
  }
}
