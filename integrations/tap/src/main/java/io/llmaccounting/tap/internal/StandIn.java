package io.llmaccounting.tap.internal;

import io.llmaccounting.call.CallContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a client or a service of an SDK. Services that it hands out are metered too; calls
 * are made by a copy of its service that sends through the metering. Safe for use by many threads.
 *
 * <p>Why it stands in: the SDKs send asynchronous calls from a thread of a pool, where nothing of
 * the caller's context is left, and hand out futures whose cancelling they do not hear. The options
 * of a client can be changed at each service, and what is changed must lie below the metering,
 * retries above all.
 *
 * @param <O> the builder of the SDK's options
 * @param <W> how a service sends below the metering
 */
public final class StandIn<O, W> implements InvocationHandler {
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
  private final Sdk<O, W> sdk;
  private final Map<Method, Object> services = new ConcurrentHashMap<>();
  private volatile @Nullable W wire;
  private volatile @Nullable Object blocking;

  private StandIn(Class<?> type, Object service, Sdk<O, W> sdk) {
    this.type = type;
    this.service = service;
    this.sdk = sdk;
  }

  /**
   * Stands in for {@code service}, which is not metered.
   *
   * @param type the interface that the SDK gives it, which is implemented
   */
  public static <T> T of(Class<T> type, Object service, Sdk<?, ?> sdk) {
    InvocationHandler metered = new StandIn<>(type, service, sdk);
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
    return sdk.isAsynchronous(type)
        ? callAsync(method, arguments)
        : call(blocking(), method, arguments);
  }

  /** What is closed is what was given. */
  private boolean isLeftAlone(Method method) {
    return method.getDeclaringClass() == Object.class
        || method.getName().equals("close")
        || sdk.isLeftAlone(method);
  }

  private Object metered(Method method, Object @Nullable [] arguments) {
    try {
      return of(method.getReturnType(), call(service, method, arguments), sdk);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(method.getName() + " failed", e);
    }
  }

  private Object blocking() throws Throwable {
    Object made = blocking;
    if (made == null) {
      made = through(Sending.byItsThread());
      blocking = made;
    }
    return made;
  }

  private Object callAsync(Method method, Object @Nullable [] arguments) throws Throwable {
    Sending sending = Sending.by(CallContext.current());
    Object answer = call(through(sending), method, arguments);
    if (answer instanceof CompletableFuture<?> asked) {
      return heard(asked, sending);
    }
    CompletionStage<?> closing = sdk.closingOf(answer);
    if (closing != null) {
      closing.whenComplete(
          (closed, error) -> {
            if (error == null) {
              sending.giveUp();
            }
          });
    }
    return answer;
  }

  /**
   * The same future, of which the application's ending it before the SDK does gives the call up.
   */
  private static <T> CompletableFuture<T> heard(CompletableFuture<T> asked, Sending sending) {
    CompletableFuture<T> shown = new CompletableFuture<>();
    CompletionStage<T> answer = asked;
    answer.whenComplete(
        (value, error) -> {
          if (error != null) {
            shown.completeExceptionally(error);
          } else if (!shown.complete(value)) {
            drop(value);
          }
        });
    CompletionStage<T> end = shown;
    end.whenComplete(
        (value, error) -> {
          if (!asked.isDone()) {
            sending.giveUp();
          }
        });
    return shown;
  }

  /** An answer that holds a connection, and that nobody is handed any more. */
  private static void drop(@Nullable Object answer) {
    if (answer instanceof AutoCloseable open) {
      try {
        open.close();
      } catch (Exception e) {
        // nobody is left to hear of it
      }
    }
  }

  /** The same service, which sends through {@code sending}. */
  private Object through(Sending sending) throws Throwable {
    W below = wire();
    return withOptions(options -> sdk.meter(options, below, sending));
  }

  private W wire() throws Throwable {
    W made = wire;
    if (made == null) {
      AtomicReference<W> found = new AtomicReference<>();
      Object unused = withOptions(options -> found.set(sdk.wire(options)));
      made = Objects.requireNonNull(found.get(), "withOptions did not call its consumer");
      wire = made;
    }
    return made;
  }

  private Object withOptions(Consumer<O> change) throws Throwable {
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
