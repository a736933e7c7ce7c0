package io.llmaccounting.jakarta;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.internal.Problem;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * Answers a resource that throws the denial of a call, as {@link QuotaExceededFilter} does; a
 * denial that another exception wraps is left to that filter. Found by scanning; an application
 * that lists its classes itself adds this one. A mapper of the application's own comes first.
 */
@Provider
@Priority(Priorities.USER + 1_000)
public final class QuotaExceededMapper implements ExceptionMapper<QuotaExceededException> {
  /** Made by the container. */
  public QuotaExceededMapper() {}

  @Override
  public Response toResponse(QuotaExceededException denial) {
    Problem problem = Problem.of(denial.denied(), false);
    Response.ResponseBuilder response =
        Response.status(problem.status())
            .type(MediaType.valueOf(Problem.MEDIA_TYPE))
            .entity(problem.body());
    if (problem.retryAfter() != null) {
      response.header(HttpHeaders.RETRY_AFTER, problem.retryAfter());
    }
    return response.build();
  }
}
