package io.llmaccounting.spring;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.ModelCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.MeteredMethod;
import io.llmaccounting.usage.Attribution;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/** Meters calls of annotated methods. */
final class TrackedCalls implements MethodInterceptor {
  private final MeteredMethod metered;
  private final SaidInAnnotation texts;
  private final boolean carriesReactive;

  TrackedCalls(MeteredMethod metered, SaidInAnnotation texts, boolean carriesReactive) {
    this.metered = metered;
    this.texts = texts;
    this.carriesReactive = carriesReactive;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation call) throws Throwable {
    TrackLlmUsage said = annotation(call);
    if (said == null) {
      return call.proceed();
    }
    Attribution who = texts.who(said, call);
    String model = texts.text("model", said.model(), call);
    if (model == null || model.isEmpty()) {
      return MeteredMethod.attribute(who, method(call));
    }
    CallRequest request = request(said, model, texts.text("provider", said.provider(), call), who);
    Class<?> declared = call.getMethod().getReturnType();
    return carriesReactive && DeferredReturns.isLazy(declared)
        ? DeferredReturns.of(
            declared,
            () -> metered.beginAsync(request),
            (admitted, again) -> admitted.run(declared, method(again)),
            call)
        : metered.call(request, declared, method(call));
  }

  @SuppressWarnings("NullAway") // a method that is metered may return null
  private ModelCall<@Nullable Object, Exception> method(MethodInvocation call) {
    return () -> proceed(call);
  }

  private static CallRequest request(
      TrackLlmUsage said, String model, @Nullable String provider, Attribution who) {
    CallRequest request = CallRequest.to(model).attribution(who);
    if (provider != null) {
      request = request.provider(provider);
    }
    if (said.inputTokens() >= 0) {
      request = request.inputTokens(said.inputTokens());
    }
    return said.maxOutputTokens() >= 0 ? request.maxOutputTokens(said.maxOutputTokens()) : request;
  }

  private static @Nullable TrackLlmUsage annotation(MethodInvocation call) {
    Object self = call.getThis();
    Class<?> type =
        self == null ? call.getMethod().getDeclaringClass() : AopUtils.getTargetClass(self);
    Method method = AopUtils.getMostSpecificMethod(call.getMethod(), type);
    TrackLlmUsage own = AnnotatedElementUtils.findMergedAnnotation(method, TrackLlmUsage.class);
    // on a class it speaks of what the class does, not of its toString
    return own != null || ReflectionUtils.isObjectMethod(method)
        ? own
        : AnnotatedElementUtils.findMergedAnnotation(type, TrackLlmUsage.class);
  }

  private @Nullable Object proceed(MethodInvocation call) throws Exception {
    try {
      Object returned = call.proceed();
      return carriesReactive && returned != null
          ? ReactiveCarriage.carried(returned, CallContext.current())
          : returned;
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new UndeclaredThrowableException(e);
    }
  }
}
