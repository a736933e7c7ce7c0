package io.llmaccounting.tap.internal;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What {@link StandIn} has to know of an SDK. Safe for use by many threads.
 *
 * @param <O> the builder of options that the services' {@code withOptions} hands to its consumer
 * @param <W> how a service sends below the metering
 */
public interface Sdk<O, W> {
  /** Whether the methods of a service return before their answer has come. */
  boolean isAsynchronous(Class<?> service);

  /** Whether a method asks nobody anything, and needs its service as it was given. */
  boolean isLeftAlone(Method method);

  /**
   * What ends in good order once a stream that was asked for without waiting is closed, its answer
   * still to come; null if {@code answer} is no such stream.
   */
  @Nullable CompletableFuture<?> closingOf(Object answer);

  /** How a service with {@code options} sends. The options may be changed. */
  W wire(O options);

  /**
   * Makes {@code options} send through {@code sending}, and from there through {@code wire}; they
   * must repeat nothing themselves.
   */
  void meter(O options, W wire, Sending sending);
}
