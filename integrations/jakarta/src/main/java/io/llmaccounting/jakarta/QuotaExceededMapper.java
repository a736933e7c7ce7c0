package io.llmaccounting.jakarta;

import io.llmaccounting.limit.QuotaExceededException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/**
 * Answers a resource whose call was denied, in the same way as {@link QuotaExceededFilter}. Found
 * by scanning; an application that lists its classes itself adds this one.
 */
@Provider
public final class QuotaExceededMapper implements ExceptionMapper<QuotaExceededException> {
  /** Made by the container. */
  public QuotaExceededMapper() {}

  @Override
  public Response toResponse(QuotaExceededException denial) {
    Problem problem = Problem.of(denial.denied());
    Response.ResponseBuilder response =
        Response.status(problem.status())
            .type(MediaType.valueOf(Problem.MEDIA_TYPE))
            .entity(problem.json());
    if (problem.retryAfter() != null) {
      response.header(HttpHeaders.RETRY_AFTER, problem.retryAfter());
    }
    return response.build();
  }
}
