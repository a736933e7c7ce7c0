package io.llmaccounting.spring;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.internal.Problem;
import java.util.Arrays;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Answers a denied call that a controller was about to make. It comes before an advice of the
 * application that handles every exception, but not before one that handles denials itself.
 */
@ControllerAdvice
final class DenialAdvice implements Ordered {
  private final boolean tellsLimits;
  private final int order;

  DenialAdvice(ApplicationContext application, boolean tellsLimits) {
    this.tellsLimits = tellsLimits;
    this.order = isHandledElsewhere(application) ? LOWEST_PRECEDENCE : 0;
  }

  @Override
  public int getOrder() {
    return order;
  }

  @ExceptionHandler
  ResponseEntity<byte[]> denied(QuotaExceededException denial) {
    Problem problem = Problem.of(denial.denied(), tellsLimits);
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(problem.status())
            .header(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
    Long wait = problem.retryAfter();
    if (wait != null) {
      answer.header(HttpHeaders.RETRY_AFTER, wait.toString());
    }
    return answer.body(problem.bytes());
  }

  private static boolean isHandledElsewhere(ApplicationContext application) {
    return Arrays.stream(application.getBeanNamesForAnnotation(ControllerAdvice.class))
        .map(application::getType)
        .anyMatch(type -> type != null && type != DenialAdvice.class && handlesDenials(type));
  }

  private static boolean handlesDenials(Class<?> advice) {
    return Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(advice))
        .anyMatch(
            method -> {
              ExceptionHandler handler =
                  AnnotatedElementUtils.findMergedAnnotation(method, ExceptionHandler.class);
              return handler != null
                  && (Arrays.asList(handler.value()).contains(QuotaExceededException.class)
                      || Arrays.asList(method.getParameterTypes())
                          .contains(QuotaExceededException.class));
            });
  }
}
