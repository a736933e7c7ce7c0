package io.llmaccounting.jakarta;

import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Runs around methods with {@link TrackLlmUsage}, and outside of what repeats them: MicroProfile's
 * fault tolerance has a later priority.
 */
@Interceptor
@TrackLlmUsage
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 100)
class TrackLlmUsageInterceptor {
  private final MethodMetering metering;

  @Inject
  TrackLlmUsageInterceptor(MethodMetering metering) {
    this.metering = metering;
  }

  @AroundInvoke
  @Nullable Object track(InvocationContext invocation) throws Exception {
    TrackLlmUsage annotation = annotation(invocation);
    return annotation == null
        ? invocation.proceed()
        : metering.run(
            new MethodMetering.AnnotatedMethod(annotation, invocation.getMethod()),
            invocation.getParameters(),
            invocation::proceed);
  }

  /** That of the method, of its class or of a class that this one extends. */
  private static @Nullable TrackLlmUsage annotation(InvocationContext invocation) {
    Method method = invocation.getMethod();
    TrackLlmUsage own = method.getAnnotation(TrackLlmUsage.class);
    if (own != null) {
      return own;
    }
    Class<?> bean = invocation.getTarget().getClass();
    TrackLlmUsage ofBean = bean.getAnnotation(TrackLlmUsage.class);
    return ofBean != null ? ofBean : method.getDeclaringClass().getAnnotation(TrackLlmUsage.class);
  }
}
