package io.llmaccounting.openai;

import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.Tap;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a client or a service of the SDK. Services that it hands out are metered too; calls
 * are made by a copy of its service whose transport is metered. Safe for use by many threads.
 *
 * <p>Why it stands in: the SDK sends asynchronous calls from a thread of a common pool, where
 * nothing of the caller's context is left, and hands out futures whose cancelling it does not hear.
 * The options of a client can be changed at each service, and what is changed must lie below the
 * metering, retries above all.
 */
final class MeteredService implements InvocationHandler {
  private static final ClassValue<Boolean> SERVICES =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          try {
            return type.isInterface() && type.getMethod("withOptions", Consumer.class) != null;
          } catch (NoSuchMethodException e) {
            return false;
          }
        }
      };

  private final Class<?> type;
  private final Object service;
  private final Tap tap;
  private final boolean asksForUsage;
  private final Map<Method, Object> services = new ConcurrentHashMap<>();
  private volatile @Nullable Wire wire;
  private volatile @Nullable Object blocking;

  private MeteredService(Class<?> type, Object service, Tap tap, boolean asksForUsage) {
    this.type = type;
    this.service = service;
    this.tap = tap;
    this.asksForUsage = asksForUsage;
  }

  /** Stands in for {@code service}, which is not metered. */
  static <T> T of(Class<T> type, Object service, Tap tap, boolean asksForUsage) {
    InvocationHandler metered = new MeteredService(type, service, tap, asksForUsage);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, metered));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("equals") && method.getDeclaringClass() == Object.class) {
      return arguments != null && proxy == arguments[0];
    }
    if (SERVICES.get(method.getReturnType())) {
      return arguments == null
          ? services.computeIfAbsent(method, asked -> metered(asked, null))
          : metered(method, arguments);
    }
    if (isLeftAlone(method)) {
      return call(service, method, arguments);
    }
    return isAsynchronous() ? callAsync(method, arguments) : call(blocking(), method, arguments);
  }

  /** What is closed is what was given; web sockets need the transport as it was given. */
  private static boolean isLeftAlone(Method method) {
    return method.getDeclaringClass() == Object.class
        || method.getName().equals("close")
        || method.getName().startsWith("connect");
  }

  private boolean isAsynchronous() {
    return type.getPackageName().startsWith("com.openai.services.async");
  }

  private Object metered(Method method, Object @Nullable [] arguments) {
    try {
      return of(method.getReturnType(), call(service, method, arguments), tap, asksForUsage);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(method.getName() + " failed", e);
    }
  }

  private Object blocking() throws Throwable {
    Object made = blocking;
    if (made == null) {
      made = over(new MeteredTransport(tap, wire(), null));
      blocking = made;
    }
    return made;
  }

  private Object callAsync(Method method, Object @Nullable [] arguments) throws Throwable {
    MeteredTransport transport = new MeteredTransport(tap, wire(), CallContext.current());
    Object answer = call(over(transport), method, arguments);
    if (answer instanceof CompletableFuture<?> future) {
      CompletionStage<?> end = future;
      end.whenComplete(
          (value, error) -> {
            if (future.isCancelled()) {
              transport.giveUp();
            }
          });
    }
    return answer;
  }

  private Wire wire() throws Throwable {
    Wire made = wire;
    if (made == null) {
      Wire[] found = new Wire[1];
      Object unused = withOptions(options -> found[0] = Wire.of(options, asksForUsage));
      made = found[0];
      wire = made;
    }
    return made;
  }

  /**
   * The same service, which sends through {@code transport} and repeats and logs nothing itself.
   */
  private Object over(MeteredTransport transport) throws Throwable {
    return withOptions(
        options -> options.httpClient(transport).maxRetries(0).logLevel(LogLevel.OFF));
  }

  private Object withOptions(Consumer<ClientOptions.Builder> change) throws Throwable {
    return call(service, type.getMethod("withOptions", Consumer.class), new Object[] {change});
  }

  private static Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
