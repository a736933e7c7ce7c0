package io.llmaccounting.spring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Sees whether a database is reached: a pool says so only when its patience has ended. Safe for use
 * by many threads.
 */
final class Reach {
  private static final String CONNECTING = "getConnection";

  private volatile boolean reached;
  private volatile @Nullable Throwable refusal;

  /** Whether there has been a connection. */
  boolean isReached() {
    return reached;
  }

  /**
   * Why there was no connection the last time; null where there has been one, or none was tried.
   */
  @Nullable Throwable refusal() {
    return reached ? null : refusal;
  }

  /** Forgets what was seen, because it is tried anew. */
  void forget() {
    reached = false;
    refusal = null;
  }

  /** The same source, whose connections are seen here. */
  DataSource through(DataSource source) {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> asked(source, method, arguments));
  }

  private @Nullable Object asked(
      DataSource source, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    boolean connects = method.getName().equals(CONNECTING);
    try {
      Object answer = method.invoke(source, arguments);
      if (connects) {
        reached = true;
      }
      return answer;
    } catch (InvocationTargetException e) {
      Throwable failure = e.getTargetException();
      if (connects) {
        refusal = failure;
      }
      throw failure;
    }
  }
}
