package io.llmaccounting.http;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The end of a client, which clients have from JDK 21 on, and those that this is compiled with do
 * not. Below, each does what the JDK's own client does that has not been made to end. Safe for use
 * by many threads.
 *
 * @param client the client whose end it is
 */
record ClientLifetime(HttpClient client) {
  private static final @Nullable MethodHandle CLOSE = known("close", void.class);
  private static final @Nullable MethodHandle SHUTDOWN = known("shutdown", void.class);
  private static final @Nullable MethodHandle SHUTDOWN_NOW = known("shutdownNow", void.class);
  private static final @Nullable MethodHandle AWAIT =
      known("awaitTermination", boolean.class, Duration.class);
  private static final @Nullable MethodHandle TERMINATED = known("isTerminated", boolean.class);

  private static @Nullable MethodHandle known(
      String name, Class<?> returned, Class<?>... parameters) {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(HttpClient.class, name, MethodType.methodType(returned, parameters));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }

  void close() {
    call(CLOSE);
  }

  void shutdown() {
    call(SHUTDOWN);
  }

  void shutdownNow() {
    call(SHUTDOWN_NOW);
  }

  boolean awaitTermination(Duration time) throws InterruptedException {
    try {
      return AWAIT == null || (boolean) AWAIT.invoke(client, time);
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  boolean isTerminated() {
    try {
      return TERMINATED != null && (boolean) TERMINATED.invoke(client);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private void call(@Nullable MethodHandle method) {
    try {
      if (method != null) {
        method.invoke(client);
      }
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException known
        ? known
        : new UndeclaredThrowableException(thrown);
  }
}
