package io.llmaccounting.tap;

import java.util.Optional;

/**
 * Follows what methods return that ask a model and whose answer comes later, for a type of a
 * library. Given to {@link MeteredMethod#following}, or named in {@code
 * META-INF/services/io.llmaccounting.tap.ReturnFollower}. Stages and publishers of the JDK need
 * none. Safe for use by many threads.
 */
@FunctionalInterface
public interface ReturnFollower {
  /**
   * Makes what is returned in place of {@code returned}, and tells {@code pending} what comes and
   * one end.
   *
   * @return empty if it is of no type that this follower knows
   */
  Optional<Object> follow(Object returned, PendingReturn pending);
}
