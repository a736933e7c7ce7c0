package io.llmaccounting.jakarta;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.call.ModelCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.MeteredMethod;
import io.llmaccounting.tap.ReturnFollower;
import io.llmaccounting.tap.ReturnReader;
import io.llmaccounting.usage.Attribution;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Meters the methods of all beans of an application. Safe for use by many threads. */
@Found
@Singleton
class MethodMetering {
  private final MeteredMethod metered;
  private final Instance<LlmCaller> callers;

  @Inject
  MethodMetering(
      CallMeter meter,
      @Any Instance<ReturnReader> readers,
      @Any Instance<ReturnFollower> followers,
      Instance<LlmCaller> callers) {
    MeteredMethod method = MeteredMethod.of(meter);
    for (ReturnReader reader : readers) {
      method = method.reading(reader);
    }
    for (ReturnFollower follower : followers) {
      method = method.following(follower);
    }
    this.metered = method;
    this.callers = callers;
  }

  /**
   * Runs {@code body}, which calls the method.
   *
   * @throws IllegalArgumentException if a name is none that can be recorded; the method is not run
   */
  @Nullable Object run(
      AnnotatedMethod annotated,
      @Nullable Object @Nullable [] parameters,
      ModelCall<? extends @Nullable Object, Exception> body)
      throws Exception {
    AnnotatedCall call = AnnotatedCall.of(annotated.annotation(), annotated.method(), parameters);
    Attribution who =
        call.attribution()
            .orElse(CallContext.current().attribution())
            .orElse(CallerBean.ask(callers));
    Optional<CallRequest> request = call.request(who);
    return request.isPresent()
        ? metered.call(request.get(), annotated.method().getReturnType(), body)
        : MeteredMethod.attribute(who, body);
  }

  /** A method, and what is said of it. */
  record AnnotatedMethod(TrackLlmUsage annotation, Method method) {}
}
