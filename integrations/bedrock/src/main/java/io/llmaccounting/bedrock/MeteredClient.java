package io.llmaccounting.bedrock;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsClient;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.regions.Region;

/**
 * Stands in for a client of the SDK, so that room is asked for before the SDK is called: its
 * interceptors run on the thread that calls, which may not wait where a client is asynchronous, and
 * do not hear of a future that is cancelled. Safe for use by many threads.
 */
final class MeteredClient implements InvocationHandler {
  private static final String NOWHERE = "unknown";

  private final AwsClient client;
  private final Tap tap;
  private final String region;

  private MeteredClient(AwsClient client, Tap tap) {
    this.client = client;
    this.tap = tap;
    this.region = regionOf(client);
  }

  /** A client that another library stands in for need not tell its region. */
  private static String regionOf(AwsClient client) {
    try {
      Region region = client.serviceClientConfiguration().region();
      return region == null ? NOWHERE : region.id();
    } catch (UnsupportedOperationException e) {
      return NOWHERE;
    }
  }

  /** Stands in for {@code client}. */
  static <T extends AwsClient> T of(Class<T> type, T client, Tap tap) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, new MeteredClient(client, tap)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (arguments == null) {
      return call(method, null);
    }
    if (method.getName().equals("equals") && method.getDeclaringClass() == Object.class) {
      return proxy == arguments[0];
    }
    // the short form of a method calls the long one, of this proxy
    if (arguments.length > 0 && arguments[0] instanceof Consumer<?> && method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    Optional<MeteredRequest> metered =
        arguments.length > 0 && arguments[0] instanceof AwsRequest request
            ? Outgoing.metered(request, region, tap)
            : Optional.empty();
    if (metered.isEmpty()) {
      return call(method, arguments);
    }
    return method.getReturnType() == CompletableFuture.class
        ? PendingCall.of(metered.get(), listening -> send(method, arguments, listening))
        : ask(method, arguments, metered.get().begin());
  }

  private Object ask(Method method, Object[] arguments, Exchange exchange) throws Throwable {
    exchange.unsent();
    Object answer;
    CallContext.Scope scope = exchange.open();
    try {
      answer = call(method, listened(arguments, new Listening(exchange)));
    } catch (Throwable e) {
      Exchange.await(
          e instanceof AbortedException ? exchange.cancelled() : exchange.brokeOff(e), e);
      throw e;
    } finally {
      scope.close();
    }
    try {
      Exchange.await(exchange.completed());
    } catch (RuntimeException e) {
      throw new AnswerNotRecordedException(answer, e);
    }
    return answer;
  }

  private CompletableFuture<?> send(Method method, Object[] arguments, Listening listening) {
    try {
      return (CompletableFuture<?>) call(method, listened(arguments, listening));
    } catch (Throwable e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Object[] listened(Object[] arguments, Listening listening) {
    Object[] listened = arguments.clone();
    listened[0] = listening.to((AwsRequest) arguments[0]);
    return listened;
  }

  private Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(client, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
