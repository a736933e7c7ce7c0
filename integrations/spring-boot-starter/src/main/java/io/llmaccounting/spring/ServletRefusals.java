package io.llmaccounting.spring;

import io.llmaccounting.tap.internal.Problem;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/** Answers denials in servlet applications that nobody else has answered. */
final class ServletRefusals {
  private final LlmAccountingProperties.Web properties;

  ServletRefusals(LlmAccountingProperties.Web properties) {
    this.properties = properties;
  }

  /** Whether the error was about a denial, or a header, and has been answered. */
  boolean answer(Exception error, HttpServletResponse response) throws IOException {
    Optional<Problem> problem =
        properties.answerDenials() && !response.isCommitted()
            ? Refusal.in(error, properties.tellLimits())
            : Optional.empty();
    if (problem.isPresent()) {
      write(problem.get(), response);
    }
    return problem.isPresent();
  }

  private static void write(Problem problem, HttpServletResponse response) throws IOException {
    response.resetBuffer();
    response.setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE);
    if (problem.retryAfter() != null) {
      response.setHeader(HttpHeaders.RETRY_AFTER, problem.retryAfter().toString());
    }
    byte[] body = problem.bytes();
    ServletOutputStream stream;
    try {
      stream = response.getOutputStream();
    } catch (IllegalStateException e) {
      // the application has begun to write text
      response.getWriter().write(new String(body, StandardCharsets.UTF_8));
      return;
    }
    response.setContentLength(body.length);
    stream.write(body);
  }
}
