package io.llmaccounting.jakarta;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.internal.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * Answers a request during which a call was denied, also where the denial comes as the cause of
 * another exception: with the status of {@link
 * io.llmaccounting.limit.Decision.Denied#httpStatus()}, which is 429 where waiting helps, with
 * Retry-After where that is known, and with a problem of RFC 9457 that names no limit. What was
 * written to the response is dropped; a response that has gone out stays as it is, and the
 * exception is thrown on.
 */
public final class QuotaExceededFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (ServletException | RuntimeException e) {
      Optional<QuotaExceededException> denial = Problem.denialIn(e);
      if (denial.isEmpty() || response.isCommitted()) {
        throw e;
      }
      answer(response, Problem.of(denial.get().denied(), false));
    }
  }

  private static void answer(HttpServletResponse response, Problem problem) throws IOException {
    // headers stay: those of filters further out let browsers read the answer
    response.resetBuffer();
    response.setStatus(problem.status());
    if (problem.retryAfter() != null) {
      response.setHeader("Retry-After", problem.retryAfter().toString());
    }
    response.setContentType(Problem.MEDIA_TYPE);
    response.setCharacterEncoding("UTF-8");
    PrintWriter writer;
    try {
      writer = response.getWriter();
    } catch (IllegalStateException e) {
      // the application has begun to write bytes
      response.getOutputStream().write(problem.bytes());
      return;
    }
    writer.write(problem.body());
  }
}
