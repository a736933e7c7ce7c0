package io.llmaccounting.spring;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.internal.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Opens the context of calls around a request, on every thread that the server handles it on, and
 * answers denials that nobody below has answered.
 */
final class CallContextFilter extends OncePerRequestFilter {
  private final RequestAttribution attribution;
  private final LlmAccountingProperties.Web properties;

  CallContextFilter(RequestAttribution attribution, LlmAccountingProperties.Web properties) {
    this.attribution = attribution;
    this.properties = properties;
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      CallContext.Scope scope = CallContext.of(attribution.of(new ServletRequest(request))).open();
      try {
        chain.doFilter(request, response);
      } finally {
        scope.close();
      }
    } catch (ServletException | RuntimeException e) {
      Optional<Problem> problem =
          properties.answerDenials() && !response.isCommitted()
              ? Refusal.in(e, properties.tellLimits())
              : Optional.empty();
      if (problem.isEmpty()) {
        throw e;
      }
      write(problem.get(), response);
    }
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

  /** A request of a servlet's server. */
  private record ServletRequest(HttpServletRequest request) implements IncomingRequest {
    @Override
    public Optional<Principal> principal() {
      return Optional.ofNullable(request.getUserPrincipal());
    }

    @Override
    public List<String> header(String name) {
      return Collections.list(request.getHeaders(name));
    }

    @Override
    public String path() {
      return request.getRequestURI();
    }

    @Override
    public <T> Optional<T> as(Class<T> type) {
      return type.isInstance(request) ? Optional.of(type.cast(request)) : Optional.empty();
    }
  }
}
