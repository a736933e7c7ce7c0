package io.llmaccounting.spring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/** Hands calls of the interfaces of models to those that meter, and all others to the model. */
final class MeteredCalls implements MethodInterceptor {
  private final List<Side> sides;
  private final Map<Method, Optional<Target>> targets = new ConcurrentHashMap<>();

  /**
   * What a model is as one of its kinds.
   *
   * @param type the interface
   * @param metered who answers calls of it
   */
  record Side(Class<?> type, Object metered) {}

  private record Target(Method method, Object metered) {}

  MeteredCalls(List<Side> sides) {
    this.sides = List.copyOf(sides);
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Optional<Target> target = targets.computeIfAbsent(invocation.getMethod(), this::target);
    if (target.isEmpty()) {
      return invocation.proceed();
    }
    try {
      return target.get().method().invoke(target.get().metered(), invocation.getArguments());
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  private Optional<Target> target(Method called) {
    for (Side side : sides) {
      for (Method method : side.type().getMethods()) {
        if (method.getName().equals(called.getName())
            && java.util.Arrays.equals(method.getParameterTypes(), called.getParameterTypes())) {
          return Optional.of(new Target(method, side.metered()));
        }
      }
    }
    return Optional.empty();
  }
}
