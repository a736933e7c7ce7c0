package io.llmaccounting.spring;

import io.llmaccounting.call.CallMeter;
import java.util.function.BiFunction;

/**
 * A type of models whose beans are metered. Beans of this type may be added for types of one's own.
 *
 * @param type the interface that models of this kind have
 * @param meter decorates one
 */
record Meterable<T>(Class<T> type, BiFunction<T, CallMeter, T> meter) {
  /** The model, metered. */
  Object metered(Object model, CallMeter by) {
    return meter.apply(type.cast(model), by);
  }
}
