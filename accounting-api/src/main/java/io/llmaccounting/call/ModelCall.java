package io.llmaccounting.call;

/**
 * The call of a model itself, made between asking for room and recording what it consumed.
 *
 * @param <T> what it returns
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface ModelCall<T, X extends Exception> {
  /** Makes the call and returns the answer. */
  T make() throws X;
}
